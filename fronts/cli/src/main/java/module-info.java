/// The command line.
module io.sealift.cli {
  requires io.sealift.core;
  requires io.sealift.imageconfig;
  requires io.sealift.jwe;
  requires io.sealift.kbs;
  requires io.sealift.keyprovider;
  requires io.sealift.linux;
  requires io.sealift.overlay;
  requires io.sealift.pem;
  requires io.sealift.pgp;
  requires io.sealift.pkcs11;
  requires io.sealift.pkcs7;
  requires io.sealift.registries;
  requires io.sealift.registry;
  requires io.sealift.sigstore;
  requires io.sealift.simple;
  requires io.sealift.testing;
  requires io.sealift.wire;
  requires io.sealift.zstd;
  requires info.picocli;

  provides java.net.spi.InetAddressResolverProvider with
      io.sealift.cli.PlatformNames;

  opens io.sealift.cli to
      info.picocli;
  opens io.sealift.cli.options to
      info.picocli;
}
