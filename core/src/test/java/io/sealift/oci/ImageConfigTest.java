package io.sealift.oci;

import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageConfigTest {

  @Test
  void readsEverything() throws Exception {
    ImageConfig image =
        ImageConfig.parse(
            json(
                config(
                    "ab",
                    """
                    ,'variant':'v8','os.version':'1','os.features':['win32k'],'created':'2026-01-01T00:00:00Z',
                    'author':'me','docker_version':'1','container_config':{'User':'no'},
                    'history':[{'created_by':'x','empty_layer':true},{'created_by':'y','comment':'c'}],
                    'config':{'User':'u:g','Env':['A=1','B'],'Entrypoint':['/e'],'Cmd':['c'],'WorkingDir':'/w',
                      'ExposedPorts':{'80/tcp':{},'53/udp':{}},'Volumes':{'/v':{}},'Labels':{'l':'v'},
                      'StopSignal':'SIGINT','Healthcheck':{'Test':['NONE']},'OnBuild':null,'Tty':true}
                    """)));
    assertEquals("linux/amd64/v8", image.platform().toString());
    assertEquals("v8", image.variant());
    assertEquals("1", image.osVersion());
    assertEquals(List.of("win32k"), image.osFeatures());
    assertEquals("2026-01-01T00:00:00Z", image.created());
    assertEquals("me", image.author());
    assertEquals(2, image.diffIds().size());
    assertEquals(true, image.history().get(0).emptyLayer());
    assertEquals("y", image.history().get(1).createdBy());
    assertEquals(
        new Execution(
            "u:g",
            List.of("A=1", "B"),
            List.of("/e"),
            List.of("c"),
            "/w",
            new TreeSet<>(List.of("53/udp", "80/tcp")),
            new TreeSet<>(List.of("/v")),
            Map.of("l", "v"),
            "SIGINT"),
        image.execution());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",'config':null",
        ",'config':{}",
        ",'config':{'Env':null,'Cmd':null,'Entrypoint':null,'Labels':null,'Volumes':null,'User':null}",
      })
  void takesNothingForNothing(String more) throws Exception {
    assertEquals(Execution.NONE, ImageConfig.parse(json(config("a", more))).execution());
  }

  static Stream<Arguments> unsafe() {
    return Stream.of(
        arguments(
            "{'os':'linux'}", "read image config: /architecture: expected a value, found none"),
        arguments(
            "{'architecture':'amd64'}", "read image config: /os: expected a value, found none"),
        arguments(
            "{'architecture':'amd64','os':'linux'}",
            "read image config: /rootfs: expected a value, found none"),
        arguments(
            config("a", ",'config':'x'"),
            "read image config: /config: expected an object, found a string"),
        arguments(
            config("a", ",'config':{'Env':'x'}"),
            "read image config: /config/Env: expected an array, found a string"),
        arguments(
            config("a", ",'config':{'Env':[null]}"),
            "read image config: /config/Env/0: expected a string, found null"),
        arguments(
            config("a", ",'config':{'Volumes':['/v']}"),
            "read image config: /config/Volumes: expected an object, found an array"),
        arguments(
            config("a", ",'config':{'Labels':{'a':{}}}"),
            "read image config: /config/Labels/a: expected a string, found an object"),
        arguments(
            config("a", ",'config':{'User':1000}"),
            "read image config: /config/User: expected a string, found a number"),
        arguments(
            config("A", ""),
            "read image config: /rootfs/diff_ids/0 '"
                + JsonText.digest('A')
                + "': expected 64 lower-case hexadecimal digits after sha256:"));
  }

  @ParameterizedTest
  @MethodSource("unsafe")
  void refusesWhatIsMalformed(String text, String message) {
    assertEquals(
        message,
        assertThrows(UnsafeContentException.class, () -> ImageConfig.parse(json(text)))
            .getMessage());
  }

  @Test
  void refusesAnotherKindOfRoot() {
    ImageException refusal =
        assertThrows(
            UnsupportedImageException.class,
            () ->
                ImageConfig.parse(
                    json("{'architecture':'a','os':'linux','rootfs':{'type':'blobs'}}")));
    assertEquals(
        "read image config: /rootfs/type is 'blobs', expected layers", refusal.getMessage());
  }

  @Test
  void refusesHalfOfASurrogatePair() {
    String message =
        assertThrows(
                UnsafeContentException.class,
                () -> ImageConfig.parse(json(config("a", ",'author':'\\ud800x'"))))
            .getMessage();
    assertEquals(true, message.contains("a string with half a surrogate pair"), message);
  }
}
