package io.orrery.cli;

import io.orrery.check.Model;
import io.orrery.config.IncludePolicy;
import io.orrery.protocol.ProtocolType;
import io.orrery.scenario.Scenario;
import io.orrery.scenario.ScenarioLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all commands that play scenarios: how files are read, and what they are judged by. */
final class PlayOptions {
    @Option(
            names = "--model",
            paramLabel = "M",
            split = ",",
            description = "Models that must hold, beside what the file expects, separated by commas.")
    private List<String> models = List.of();

    @Option(
            names = "--trusted",
            description =
                    "Trusts the files: they may include others, and use variables of the environment " + "by $${…}.")
    private boolean trusted;

    /** @param protocol under which it is played; empty for the file's own */
    Scenario load(Path file, Optional<ProtocolType> protocol, PrintWriter warnings) {
        return ScenarioLoader.load(
                        file, trusted ? IncludePolicy.OWN : IncludePolicy.STRANGER, warnings::println, protocol)
                .alsoHolding(models());
    }

    /** What must hold, beside what the file expects. */
    List<Model> models() {
        return models.stream().map(model -> Model.parse(model.strip())).toList();
    }

    boolean isTrusted() {
        return trusted;
    }

    /** The same options for a command that repeats a run. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (!models.isEmpty()) {
            words.addAll(List.of("--model", String.join(",", models)));
        }
        if (trusted) {
            words.add("--trusted");
        }
        return words;
    }
}
