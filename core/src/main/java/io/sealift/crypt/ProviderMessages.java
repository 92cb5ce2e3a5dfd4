package io.sealift.crypt;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON of ocicrypt's key provider protocol (ocicrypt, `keywrap/keyprovider`).
///
/// | direction | text |
/// |---|---|
/// | in | `{"op":"keyunwrap","keywrapparams":{"ec":null,"optsdata":null},"keyunwrapparams":{"dc":{"Parameters":{NAME:[BASE64]}},"annotation":BASE64}}` |
/// | out | `{"keyunwrapresults":{"optsdata":BYTES}}` |
///
/// `BYTES` is base64 from providers in Go, and an array of integers from those in Rust.
public final class ProviderMessages {

  /// Bytes of an answer. Private options have some 220 bytes; written as an array of integers they
  /// take four times their size.
  public static final int MAX_ANSWER_BYTES = 1 << 20;

  private static final BigDecimal MAX_BYTE = BigDecimal.valueOf(255);

  private ProviderMessages() {}

  /// What a provider is asked; the caller owns it.
  ///
  /// @param wrapped the wrapped key's bytes
  /// @param parameters for this provider; `Parameters` is an object even when there are none, which
  ///   providers in Rust need
  public static byte[] unwrap(byte[] wrapped, String provider, List<byte[]> parameters) {
    Map<String, Object> named = new LinkedHashMap<>();
    if (!parameters.isEmpty()) {
      named.put(provider, parameters.stream().map(ProviderMessages::base64).toList());
    }
    Map<String, Object> wrapParams = new LinkedHashMap<>();
    wrapParams.put("ec", null);
    wrapParams.put("optsdata", null);
    Map<String, Object> unwrapParams = new LinkedHashMap<>();
    unwrapParams.put("dc", Map.of("Parameters", named));
    unwrapParams.put("annotation", base64(wrapped));
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("op", "keyunwrap");
    input.put("keywrapparams", wrapParams);
    input.put("keyunwrapparams", unwrapParams);
    return JsonWriter.compact(JsonValue.of(input));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// The private options of an answer; the caller owns them. No failure quotes the answer.
  public static byte[] optionsOf(byte[] answer) throws KeyException {
    try {
      JsonObject json =
          JsonReader.readObject(answer, "answer", JsonLimits.ofBytes(MAX_ANSWER_BYTES));
      JsonValue options = json.object("keyunwrapresults").members().get("optsdata");
      return switch (options) {
        case JsonValue.Text text -> Base64.getDecoder().decode(text.value());
        case JsonValue.Array array -> bytes(array.values());
        case null, default -> throw new KeyException("its answer has no keyunwrapresults/optsdata");
      };
    } catch (UnsafeContentException | IllegalArgumentException malformed) {
      // The parser's own words may show what it read.
      throw new KeyException("its answer is not the JSON of a key provider");
    }
  }

  private static byte[] bytes(List<JsonValue> values) throws KeyException {
    byte[] bytes = new byte[values.size()];
    for (int at = 0; at < bytes.length; at++) {
      if (!(values.get(at) instanceof JsonValue.Numeric number) || !isByte(number.value())) {
        Arrays.fill(bytes, (byte) 0);
        throw new KeyException("its answer has an array that is not of bytes");
      }
      bytes[at] = number.value().byteValue();
    }
    return bytes;
  }

  private static boolean isByte(BigDecimal number) {
    return number.signum() >= 0 && number.compareTo(MAX_BYTE) <= 0 && number.scale() <= 0;
  }
}
