package io.orrery.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that measure over several rounds have in common. */
final class BenchOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private int rounds = 5;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(names = "--rounds", paramLabel = "N", description = "How often each figure is measured (default: 5).")
    private void setRounds(int value) {
        rounds = atLeastOne("--rounds", value);
    }

    int rounds() {
        return rounds;
    }

    /** @throws ParameterException when it is not */
    int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is 1 or more, not " + value);
        }
        return value;
    }

    /** Prints figures in one of two forms. */
    void print(Supplier<JsonNode> forPrograms, Supplier<Object> forPeople) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? forPrograms.get().toPrettyString() : forPeople.get());
        out.flush();
    }
}
