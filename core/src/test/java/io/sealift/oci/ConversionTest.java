package io.sealift.oci;

import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Conversion.Form;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionTest {

  private static final byte[] CONFIG =
      json(
          """
          {'id':'x','architecture':'amd64','os':'linux','created':'2026-01-01T00:00:00Z','author':null,
           'container_config':{'Cmd':['no']},'docker_version':'20',
           'config':{'Hostname':'h','Tty':true,'User':'','Env':['A=<&>'],'Cmd':['sh'],'Labels':{'b':'1','a':'2'},
             'OnBuild':null,'Volumes':null,'Healthcheck':{'Test':['NONE']}},
           'rootfs':{'type':'layers','diff_ids':['%s']},
           'history':[{'created_by':'x','empty_layer':true,'v1':'y'},{'created_by':'z','empty_layer':false}]}
          """
              .formatted(digest('d')));

  private static Conversion convert(Form form, String manifest) throws Exception {
    byte[] bytes = json(manifest);
    return Conversion.of(form, bytes, (Manifest) Document.parse(bytes, null), CONFIG);
  }

  private static String manifest(String type, String configType, String... layers) {
    return "{'schemaVersion':2,'mediaType':'%s','config':%s,'layers':[%s],'annotations':{'m':'n'}}"
        .formatted(type, descriptor(configType, CONFIG), String.join(",", layers));
  }

  private static String oci(String... layers) {
    return manifest(MediaType.OCI_MANIFEST.name(), MediaType.OCI_CONFIG.name(), layers);
  }

  private static String docker(String... layers) {
    return manifest(MediaType.DOCKER_MANIFEST.name(), MediaType.DOCKER_CONFIG.name(), layers);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replace('"', '\'');
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void leavesAnImageOfTheFormAsItIs(Form form) throws Exception {
    String manifest =
        switch (form) {
          case OCI -> oci(JsonText.layer('1'));
          case DOCKER ->
              docker(
                  descriptor(
                      "application/vnd.docker.image.rootfs.diff.tar.zstd", digest('1'), "1", ""));
        };
    Conversion conversion = convert(form, manifest);
    assertArrayEquals(json(manifest), conversion.manifest());
    assertArrayEquals(CONFIG, conversion.config());
  }

  @Test
  void makesOciOfDocker() throws Exception {
    Conversion conversion =
        convert(
            Form.OCI,
            docker(
                descriptor(
                    "application/vnd.docker.image.rootfs.diff.tar.gzip", digest('1'), "7", ""),
                descriptor(
                    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                    digest('2'),
                    "8",
                    ",'urls':['https://a/b']")));
    String config =
        "{'created':'2026-01-01T00:00:00Z','architecture':'amd64','os':'linux',"
            + "'config':{'Env':['A=<&>'],'Cmd':['sh'],'Labels':{'b':'1','a':'2'}},"
            + "'rootfs':{'type':'layers','diff_ids':['"
            + digest('d')
            + "']},'history':[{'created_by':'x','empty_layer':true},{'created_by':'z'}]}";
    assertEquals(config, text(conversion.config()));
    assertEquals(MediaType.OCI_MANIFEST, conversion.mediaType());
    assertEquals(
        "{'schemaVersion':2,'mediaType':'application/vnd.oci.image.manifest.v1+json','config':"
            + descriptor(MediaType.OCI_CONFIG.name(), conversion.config())
            + ",'layers':["
            + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest('1'), "7", "")
            + ","
            + descriptor(
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                digest('2'),
                "8",
                ",'urls':['https://a/b']")
            + "],'annotations':{'m':'n'}}",
        text(conversion.manifest()));
    assertEquals(
        ImageConfig.parse(CONFIG).execution(), ImageConfig.parse(conversion.config()).execution());
  }

  @Test
  void makesDockerOfOci() throws Exception {
    Conversion conversion =
        convert(
            Form.DOCKER,
            oci(
                descriptor(
                    "application/vnd.oci.image.layer.v1.tar+gzip",
                    digest('1'),
                    "7",
                    ",'annotations':{'k':'v'}"),
                descriptor("application/vnd.oci.image.layer.v1.tar", digest('2'), "8", "")));
    assertArrayEquals(CONFIG, conversion.config());
    assertEquals(
        "{'schemaVersion':2,'mediaType':'application/vnd.docker.distribution.manifest.v2+json','config':"
            + descriptor(MediaType.DOCKER_CONFIG.name(), CONFIG)
            + ",'layers':["
            + descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", digest('1'), "7", "")
            + ","
            + descriptor("application/vnd.docker.image.rootfs.diff.tar", digest('2'), "8", "")
            + "]}",
        text(conversion.manifest()));
  }

  @ParameterizedTest
  @CsvSource({
    "tar, application/vnd.oci.image.layer.v1.tar",
    "tar.gzip, application/vnd.oci.image.layer.v1.tar+gzip",
    "tar.zstd, application/vnd.oci.image.layer.v1.tar+zstd",
  })
  void mapsTypesOfLayers(String docker, String oci) throws Exception {
    Descriptor layer =
        Descriptor.of(
            MediaType.parse("application/vnd.docker.image.rootfs.diff." + docker),
            Digest.parse(digest('1')),
            1);
    assertEquals(oci, LayerTypes.oci(layer).name());
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
    "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
    "application/vnd.oci.image.layer.v1.tar+encrypted",
  })
  void refusesWhatDockerHasNoTypeFor(String type) {
    assertEquals(
        "convert to docker: layer %s is of type %s, for which that form has no name"
            .formatted(digest('1'), type),
        assertThrows(
                UnsupportedImageException.class,
                () -> convert(Form.DOCKER, oci(descriptor(type, digest('1'), "7", ""))))
            .getMessage());
  }
}
