package io.sealift.cli;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Looks up names of hosts as the Java platform does. It would do so anyway, but only after having
/// opened every jar of the program to see whether one brings something else for it.
public final class PlatformNames extends InetAddressResolverProvider {

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return configuration.builtinResolver();
  }

  @Override
  public String name() {
    return "platform";
  }
}
