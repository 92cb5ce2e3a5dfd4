package io.sealift.cli;

import io.sealift.codec.JdkGzip;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.overlay.CopySnapshotter;
import io.sealift.policyfile.PolicyFile;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.registry.RegistryClient;
import java.nio.file.Path;
import java.util.List;

final class LibraryExample {

  private LibraryExample() {}

  static String pull(String image, Path workDir, Path bundle, byte[] policy) throws Exception {
    RegistryClient registry = RegistryClient.builder().plainHttp(true).build();
    ImageClient client =
        ImageClient.builder()
            .sources(name -> registry.open(((ImageName.InRegistry) name).reference()))
            .policy(PolicyFile.parse(policy, "policy.json"))
            .snapshotter(new CopySnapshotter())
            .workDir(workDir)
            .decompressors(List.of(new JdkGzip()))
            .build();
    PullRequest request = PullRequest.of(new ImageName.InRegistry(Reference.parse(image)), bundle);
    return client.pull(request, ProgressListener.NONE).image().image().manifestDigest().toString();
  }
}
