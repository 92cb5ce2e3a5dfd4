package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlatformNamesTest {

  @Test
  void isNamedToThePlatformSoThatItLooksNoFurther() {
    assertEquals(
        List.of(PlatformNames.class.getName()),
        PlatformNames.class.getModule().getDescriptor().provides().stream()
            .filter(
                provided -> provided.service().equals(InetAddressResolverProvider.class.getName()))
            .flatMap(provided -> provided.providers().stream())
            .toList());
  }

  @Test
  void namesMeanWhatTheyMeanToThePlatform() throws Exception {
    assertTrue(InetAddress.getAllByName("localhost")[0].isLoopbackAddress());
  }
}
