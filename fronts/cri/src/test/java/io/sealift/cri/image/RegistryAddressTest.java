package io.sealift.cri.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryAddressTest {

  @ParameterizedTest
  @CsvSource({
    "registry.example, registry.example, true",
    "registry.example:443, registry.example, true",
    "registry.example, registry.example:443, true",
    "https://registry.example, registry.example, true",
    "https://registry.example:443/v2/, registry.example, true",
    "https://Registry.Example/x/y, registry.example, true",
    "http://registry.example:80, registry.example, true",
    "registry.example:5000, registry.example:5000, true",
    "https://[::1]:5000/, [::1]:5000, true",
    "https://index.docker.io/v1/, docker.io, true",
    "registry-1.docker.io, docker.io, true",
    "docker.io, docker.io, true",
    "registry.example:5000, registry.example, false",
    "registry.example, registry.example:5000, false",
    "http://registry.example:443, registry.example, false",
    "registry.example:80, registry.example, false",
    "https://registry.example.evil, registry.example, false",
    "https://evil/registry.example, registry.example, false",
    "user@registry.example, registry.example, false",
    "'', registry.example, false",
    "https://, registry.example, false",
  })
  void isTheRegistryOfADomainOrNot(String address, String domain, boolean same) {
    assertEquals(same, RegistryAddress.of(address).is(domain));
  }
}
