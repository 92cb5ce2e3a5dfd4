/// Layer keys wrapped as JSON Web Encryption.
module io.sealift.jwe {
  requires transitive io.sealift.core;
  requires io.sealift.pem;
  requires com.nimbusds.jose.jwt;

  exports io.sealift.jwe;
}
