package io.sealift.testing.codec;

import java.util.Random;

/// Plain bytes to compress, the same on every run.
public final class Samples {

  private Samples() {}

  /// Bytes that compress about as well as a file system does: words, repetitions, noise, zeros.
  public static byte[] mixed(int length) {
    Random random = new Random(length);
    byte[] bytes = new byte[length];
    int at = 0;
    while (at < length) {
      int run = Math.min(length - at, 1 + random.nextInt(300));
      switch (random.nextInt(4)) {
        case 0 -> fill(bytes, at, run, random, 256);
        case 1 -> fill(bytes, at, run, random, 12);
        case 2 -> copy(bytes, at, run, random);
        default -> {
          // zeros
        }
      }
      at += run;
    }
    return bytes;
  }

  private static void fill(byte[] bytes, int at, int length, Random random, int letters) {
    for (int i = at; i < at + length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(letters));
    }
  }

  private static void copy(byte[] bytes, int at, int length, Random random) {
    int from = at == 0 ? 0 : random.nextInt(at);
    for (int i = 0; i < length; i++) {
      bytes[at + i] = bytes[from + i];
    }
  }
}
