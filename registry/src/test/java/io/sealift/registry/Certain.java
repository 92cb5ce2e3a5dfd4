package io.sealift.registry;

/// A trial that begins at once, and once only, and waits until the second connection is through.
final class Certain implements Trial {

  private final boolean wins;
  private boolean begun;

  Certain(boolean wins) {
    this.wins = wins;
  }

  /// Six chunks over three lanes, of any blob that has at least ten.
  static Width width(int chunkBytes, boolean wins) {
    return new Width(10L * chunkBytes, chunkBytes, 6, 3, _ -> new Certain(wins));
  }

  @Override
  public boolean begins(long waitedNanos) {
    boolean first = !begun;
    begun = true;
    return first;
  }

  @Override
  public long lead() {
    return 0;
  }

  @Override
  public void over() {}

  @Override
  public Verdict verdict(Second second) {
    while (!second.isOver()) {
      Thread.onSpinWait();
    }
    return wins && second.firstByte() != null ? Verdict.WON : Verdict.LOST;
  }
}
