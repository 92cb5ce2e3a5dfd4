package io.sealift.testing;

import java.util.HashMap;
import java.util.Map;

/// A request as a server got it.
///
/// @param target path and query
/// @param headers by name in lower case
public record RegistryRequest(
    String method, String target, Map<String, String> headers, String body) {

  public RegistryRequest {
    headers = Map.copyOf(headers);
  }

  /// The value of a header; empty when there is none.
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  /// The target without its query.
  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  RegistryRequest withoutRange() {
    Map<String, String> others = new HashMap<>(headers);
    others.remove("range");
    return new RegistryRequest(method, target, others, body);
  }

  /// Method and target, for lists that tests compare.
  @Override
  public String toString() {
    return method + " " + target;
  }
}
