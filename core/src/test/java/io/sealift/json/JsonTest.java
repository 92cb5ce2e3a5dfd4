package io.sealift.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.UnsafeContentException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject object(String text) throws UnsafeContentException {
    return JsonReader.readObject(utf8(text), "thing", JsonLimits.DEFAULT);
  }

  @Test
  void writesWhatItReadInTheSameOrder() throws Exception {
    String text = "{\"b\":[1,2.5,true,null,\"é\\n\"],\"a\":{\"x\":{}},\"c\":[]}";
    JsonValue value = JsonReader.read(utf8(text), "thing", JsonLimits.DEFAULT);
    assertEquals(text, new String(JsonWriter.compact(value), StandardCharsets.UTF_8));
    assertEquals(value, JsonReader.read(JsonWriter.indented(value), "thing", JsonLimits.DEFAULT));
  }

  @Test
  void indentsByTwoSpaces() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("a", 1);
    members.put("b", List.of("x"));
    String text = new String(JsonWriter.indented(JsonValue.of(members)), StandardCharsets.UTF_8);
    assertEquals("{\n  \"a\": 1,\n  \"b\": [\n    \"x\"\n  ]\n}\n", text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"a\":2}      | Duplicate",
        "{\"a\":1}{}            | more after",
        "{\"a\":1               | not sound JSON",
        "{a:1}                  | not sound JSON",
        "{\"a\":NaN}            | not sound JSON",
        "''                     | nothing there",
        "[1]                    | expected a JSON object",
        "{\"a\":01}             | not sound JSON",
        "{\"a\":1,}             | not sound JSON",
        "/**/{}                 | not sound JSON",
      })
  void refusesWhatIsNotStrictJson(String text, String reason) {
    String message = assertThrows(UnsafeContentException.class, () -> object(text)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] latin = {'"', (byte) 0xe9, '"'};
    assertEquals(
        "read thing: not UTF-8",
        assertThrows(
                UnsafeContentException.class,
                () -> JsonReader.read(latin, "thing", JsonLimits.DEFAULT))
            .getMessage());
  }

  @Test
  void namesTheBoundOnDepth() {
    String deep = "[".repeat(100_000);
    String message =
        assertThrows(
                UnsafeContentException.class,
                () -> JsonReader.read(utf8(deep), "thing", JsonLimits.DEFAULT))
            .getMessage();
    assertTrue(message.contains("64"), message);
  }

  @Test
  void namesTheBoundOnSize() {
    assertEquals(
        "read thing: 3 bytes are more than the 2 allowed",
        assertThrows(
                UnsafeContentException.class,
                () -> JsonReader.read(utf8("123"), "thing", JsonLimits.ofBytes(2)))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"o\":{}}            | read thing: /o/s: expected a value, found none",
        "{\"o\":{\"s\":null}}  | read thing: /o/s: expected a value, found none",
        "{\"o\":{\"s\":1}}     | read thing: /o/s: expected a string, found a number",
        "{\"o\":[]}            | read thing: /o: expected an object, found an array",
      })
  void namesThePlaceOfAMemberThatIsWrong(String text, String message) throws Exception {
    JsonObject object = object(text);
    assertEquals(
        message,
        assertThrows(UnsafeContentException.class, () -> object.object("o").string("s"))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1.5", "9223372036854775808", "1e400000000"})
  void refusesNumbersThatAreNotWholeOnesOf64Bits(String number) throws Exception {
    JsonObject object = object("{\"n\":" + number + "}");
    assertThrows(UnsafeContentException.class, () -> object.integer("n"));
  }

  @Test
  void anAbsentArrayOrMapIsEmpty() throws Exception {
    JsonObject object = object("{\"a\":null}");
    assertEquals(List.of(), object.strings("a"));
    assertEquals(Map.of(), object.stringMap("b"));
    assertEquals(List.of(), object.objects("c"));
  }
}
