package io.orrery.cli;

import io.orrery.bench.experiment.Findings;
import io.orrery.bench.experiment.Plot;
import io.orrery.bench.experiment.Provenance;
import io.orrery.bench.experiment.Sheet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the labs' experiments have in common. */
final class ExperimentOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", description = "Decides all that is left to chance (default: 1).")
    private long seed = 1;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write the figures (table, CSV, JSON) and plots (SVG, PNG) to this folder.")
    private Path out;

    long seed() {
        return seed;
    }

    Progress progress(int steps) {
        return new Progress(spec.name(), steps, spec.commandLine().getErr());
    }

    /** Prints what was found, and writes it where that was asked for. Returns the exit code. */
    int publish(String title, List<String> notes, Sheet figures, Plot... plots) throws IOException {
        Findings findings = new Findings(title, notes, figures, List.of(plots), new Provenance(command(), seed));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(json ? findings.json().toPrettyString() : findings.text());
        stdout.flush();
        if (out != null) {
            try {
                findings.write(out);
            } catch (Plot.NoFonts e) {
                throw new CommandFailure(ExitCode.USAGE, e.getMessage());
            }
        }
        return ExitCode.OK;
    }

    /** The command as it was given, for a shell. */
    private String command() {
        List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
        return "./run.sh " + arguments.stream().map(ExperimentOptions::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        return argument.matches("[\\w./:=,+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
