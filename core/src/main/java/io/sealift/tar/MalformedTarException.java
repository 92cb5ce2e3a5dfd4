package io.sealift.tar;

/// What is wrong with a member, without saying where: {@link TarReader} adds that.
final class MalformedTarException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedTarException(String message) {
    super(message, null, false, false);
  }
}
