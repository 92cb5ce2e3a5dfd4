package io.sealift.policyfile;

import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.PolicyRefusedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// What the containers tools read as a policy, and what they refuse, each case a whole file: a
/// policy that works with them works here, and one that they refuse never does.
class GrammarTest {

  @ParameterizedTest
  @CsvFileSource(
      resources = "grammar.csv",
      delimiter = '|',
      quoteCharacter = '^',
      numLinesToSkip = 1,
      maxCharsPerColumn = 1000)
  void readsWhatTheContainersToolsRead(String read, String about, String policy) {
    assertEquals(read, verdict(policy), about + ": " + policy);
  }

  private static String verdict(String policy) {
    try {
      PolicyFile.parse(json(policy), "p.json");
      return "yes";
    } catch (PolicyRefusedException refused) {
      return "no";
    }
  }
}
