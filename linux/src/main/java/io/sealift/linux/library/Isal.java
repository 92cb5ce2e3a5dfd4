package io.sealift.linux.library;

import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.codec.GzipStream;
import io.sealift.failure.IntegrityException;

/// Gzip by Intel's ISA-L (`igzip`), about twice as fast as zlib, on x86-64 and on aarch64.
///
/// The library has no version to ask for, and its state is a structure that callers fill in; so the
/// layout is tried before it is trusted, see {@link IsalMember#check}.
public final class Isal implements Decompressor {

  private static final String FILE = "libisal.so.2";

  private final IsalMember.Functions functions;

  private Isal(IsalMember.Functions functions) {
    this.functions = functions;
  }

  /// Looks for the library and tries it; costs a few milliseconds once.
  public static Loaded<Decompressor> load() {
    return SharedLibrary.load(FILE, "ISA-L 2 (libisal2)", Isal::tried);
  }

  private static Loaded<Decompressor> tried(SharedLibrary library) {
    Isal isal =
        new Isal(
            new IsalMember.Functions(
                library.function("isal_inflate_init"),
                library.function("isal_inflate_reset"),
                library.function("isal_inflate")));
    try (IsalMember member = new IsalMember(isal.functions)) {
      member.check();
    } catch (IntegrityException wrong) {
      return new Loaded.Absent<>(
          FILE, "is of an unknown layout: " + wrong.getMessage() + "; install ISA-L 2.20 to 2.32");
    }
    return new Loaded.Present<>(isal);
  }

  @Override
  public Compression compression() {
    return Compression.GZIP;
  }

  @Override
  public String name() {
    // release 2.30 is the file libisal.so.2.0.30
    return "isa-l " + SharedLibrary.versionOf(FILE).replace("2.0.", "2.");
  }

  @Override
  public Stream open() {
    return new GzipStream(new IsalMember(functions));
  }
}
