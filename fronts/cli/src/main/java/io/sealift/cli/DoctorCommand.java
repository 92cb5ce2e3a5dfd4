package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.doctor.Examination;
import io.sealift.cli.doctor.Finding;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.json.JsonValue;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = {
      "Shows what this kernel and machine offer, and what that means for a pull.",
      "Ends with 1 when something is there that makes pulls fail."
    },
    footer = {"  sealift doctor", "  sealift doctor --work-dir /data/sealift --output json"})
final class DoctorCommand extends BaseCommand {

  @Mixin StoreOptions store = new StoreOptions();
  @Mixin OutputOptions output = new OutputOptions();

  DoctorCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() {
    Examination examination = new Examination(surroundings);
    examination.java();
    examination.kernel();
    examination.user();
    examination.userNamespaces();
    examination.workDir(store.workDir(surroundings));
    new Assembly(surroundings).examine(examination, store.workDir(surroundings));
    examination.runtimes();
    examination.policy();
    List<Finding> findings = examination.findings();
    if (output.json()) {
      Json.print(
          JsonValue.of(findings.stream().map(finding -> json(finding).value()).toList()),
          surroundings.out());
    } else {
      findings.forEach(this::print);
    }
    boolean bad = findings.stream().anyMatch(finding -> finding.state() == Finding.State.BAD);
    return bad ? Program.FAILED : Program.DONE;
  }

  private void print(Finding finding) {
    String mark =
        switch (finding.state()) {
          case GOOD -> "ok";
          case FALLBACK -> "--";
          case BAD -> "!!";
        };
    surroundings
        .out()
        .println(
            String.format(Locale.ROOT, "%s  %-16s %s", mark, finding.topic(), finding.found())
                + (finding.meaning().isEmpty() ? "" : ": " + finding.meaning()));
  }

  private static Json json(Finding finding) {
    return new Json()
        .with("topic", finding.topic())
        .with("state", finding.state().toString())
        .with("found", finding.found())
        .with("meaning", finding.meaning());
  }
}
