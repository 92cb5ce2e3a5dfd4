package io.sealift.registry;

import io.sealift.testing.ForeignServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// nginx with one server, of the user who runs the tests.
final class Nginx {

  private Nginx() {}

  /// Starts it.
  ///
  /// @param directory for its settings and all that it writes
  /// @param server what the settings have of the server, with `listen`
  static ForeignServer start(Path directory, int port, String server)
      throws IOException, InterruptedException {
    Path settings =
        Files.writeString(
            directory.resolve("nginx.conf"),
            """
            daemon off;
            master_process off;
            pid pid;
            error_log stderr;
            events {}
            http {
              access_log off;
              client_body_temp_path client;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              server {
                %s
              }
            }
            """
                .formatted(server));
    return ForeignServer.start(
        "127.0.0.1",
        port,
        directory.resolve("said"),
        List.of("nginx", "-p", directory.toString(), "-c", settings.toString(), "-e", "stderr"));
  }
}
