package io.sealift.kata;

/// What `--help` tells.
final class Help {

  static final String TEXT =
      """
      Usage: sealift serve kata [OPTION]...

      Answers the Kata agent of a confidential guest: brings images into directories as
      api.ImagePullService/PullImage asks for it, on the socket of a Confidential Data
      Hub. What else a data hub is asked is passed on to one behind, when it is named.

            --socket=ADDRESS     Answer on this Unix socket, unix:///PATH or /PATH.
                                 Default: what the configuration says (socket), or else
                                 unix:///run/confidential-containers/cdh.sock. A socket
                                 that systemd made for this process goes before both.
            --hub=ADDRESS        Pass on to the data hub at this socket what is not for
                                 images: GetResource, UnWrapKey, SecureMount,
                                 UnsealSecret, and services that are not known here. It
                                 is also where kbs: resources come from then.
            --agent=ADDRESS      Tell the Attestation Agent at this socket of each pull
                                 when it is there. Default: what the configuration says
                                 (aa.aa_socket), or else its usual socket.
        -c, --config=FILE        Read settings from this file, of image-rs or of a data
                                 hub, in JSON or TOML. Default: what the variable
                                 SEALIFT_CONFIG names, or else the kernel's command line
                                 alone. Read again on SIGHUP.
            --work-dir=DIR       Keep images in this directory. Default: what the
                                 settings say, or else /run/kata-containers/image.
            --store-limit=SIZE   Refuse images for which the store has no room when its
                                 layers may have no more bytes than this, unpacked.
                                 Default: what the settings say, or else as many as the
                                 file system has room for.
            --policy=FILE        Ask this policy whether an image may enter: a path or a
                                 URI. Default: what the settings say, or else
                                 /etc/containers/policy.json. Without any, every image
                                 is refused.
            --insecure-policy    Let every image in, without looking for a policy.
            --registry-socket=HOST[:PORT]=PATH[,...]
                                 Speak to the registry of this name through the Unix
                                 socket at PATH, without TLS.
            --snapshotter=NAME   Stack layers by overlay (mounts), copy, or auto:
                                 overlay where it works. Default: auto.
            --max-pulls=N        Work on so many pulls at once, 1 to 64; others wait.
                                 Default: 8.
            --memory-limit=SIZE  Take no more memory than this, 256M or more, for all that
                                 is not the store: pulls and layers wait for each other.
                                 Default: 256 MiB for the Java heap and 192 MiB besides.
            --scratch-device=DEV Let the data hub behind encrypt this block device, a
                                 path or MAJOR:MINOR, and keep images on it. What is on
                                 it is lost.
            --scratch-integrity  Notice when the host changes that device.
            --metrics=HOST:PORT  Answer there, over HTTP, what goes on: /metrics for
                                 Prometheus, /healthz and /readyz.
            --log=FORM           Log to standard error as text or json. Default: text.
            --log-level=LEVEL    Log debug, info, warn or error, and what matters more.
                                 Default: what the configuration says (log.level), or
                                 else info.
        -h, --help               Show this help and end.
        -V, --version            Show the version and end.

      SIGTERM ends the daemon when the pulls that go on are done, and breaks them off when
      it comes again. SIGHUP reads the configuration again, for the pulls that follow.

      Exit status: 0 ended, 1 failed or pulls were broken off, 2 bad usage.

      Examples:
        sealift serve kata --hub unix:///run/confidential-containers/hub.sock
        sealift serve kata --config /run/confidential-containers/initdata/cdh.toml
      """;

  private Help() {}
}
