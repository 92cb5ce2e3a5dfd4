package io.sealift.pull;

/// Is told how many bytes of a layer came and how many were unpacked so far.
interface Meter {

  /// Tells it to a listener as the `index`th layer.
  static Meter of(ProgressListener progress, int index) {
    return new Meter() {
      @Override
      public void fetched(long bytes) {
        progress.fetched(index, bytes);
      }

      @Override
      public void unpacked(long bytes) {
        progress.unpacked(index, bytes);
      }

      @Override
      public void again(String why) {
        progress.note(why);
      }
    };
  }

  void fetched(long bytes);

  void unpacked(long bytes);

  /// What came was not the layer; it begins anew, from another place.
  ///
  /// @param why one line
  void again(String why);
}
