package io.sealift.registry;

import io.sealift.oci.Reference;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// A registry keeps the contract of sources however it sends what it sends.
class RegistrySourceContractTest {

  abstract static class Served extends ImageSourceContract {

    private final InProcessRegistry registry = serve();

    InProcessRegistry serve() {
      return InProcessRegistry.start();
    }

    @Override
    protected ImageSource open(BuiltImage image) throws Exception {
      registry.push("team/app", "v1", image);
      boolean plain = registry.url().startsWith("http:");
      return RegistryClient.builder()
          .plainHttp(plain)
          .certificates(plain ? List.of() : List.of(registry.certificate()))
          .build()
          .open(Reference.parse(registry.name("team/app", "v1")));
    }

    @AfterEach
    void stop() {
      registry.close();
    }
  }

  @Nested
  class OverPlainHttp extends Served {}

  @Nested
  class OverTls extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.builder().https().start();
    }
  }

  @Nested
  class InChunks extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.start().plan("GET", Fault.chunked(700));
    }
  }

  @Nested
  class InChunksOverTls extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.builder().https().start().plan("GET", Fault.chunked(70_000));
    }
  }

  @Nested
  class UntilTheEndOfTheConnection extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.start().plan("GET", Fault.untilClose());
    }
  }

  @Nested
  class WithoutRanges extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.start().plan("/blobs/", Fault.ignoreRange());
    }
  }

  @Nested
  class WithTokens extends Served {
    @Override
    InProcessRegistry serve() {
      return InProcessRegistry.builder().anonymousTokens().start();
    }
  }
}
