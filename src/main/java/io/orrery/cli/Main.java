package io.orrery.cli;

import io.orrery.client.RequestFailure;
import io.orrery.config.ConfigProblem;
import io.orrery.journal.JournalException;
import io.orrery.launch.LaunchFailure;
import io.orrery.launch.Plugins;
import io.orrery.model.FileProblem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Each command is a class of one of two kinds: client commands (see {@link ServerCommand}), which
 * load neither Pekko nor the configuration library, and commands that run something in this process.
 *
 * <p>To add a command, write its class and add it to {@link #COMMANDS}.
 */
@Command(
        name = "./run.sh",
        description = "Orrery: a replicated key-value store and a laboratory for consistency.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "Exit codes: 0 it went well; 1 the answer is no (an absent key, a refusal, a violated expectation);",
            "2 wrong usage or bad input, or nothing answers; 3 the outcome or verdict is unknown;",
            "4 a server has ended by a fatal error (3, where its heap was full).",
            "./run.sh help COMMAND, or COMMAND --help, tells more about a command."
        })
public final class Main implements Runnable {
    /** In the order of the help. A command's class is loaded only when that command runs or the help lists all. */
    private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("sim", SimCommand.class);
        COMMANDS.put("sweep", SweepCommand.class);
        COMMANDS.put("sweep-worker", SweepWorkerCommand.class);
        COMMANDS.put("shrink", ShrinkCommand.class);
        COMMANDS.put("explore", ExploreCommand.class);
        COMMANDS.put("check", CheckCommand.class);
        COMMANDS.put("reports", ReportsCommand.class);
        COMMANDS.put("serve", ServeCommand.class);
        COMMANDS.put("node", NodeCommand.class);
        COMMANDS.put("cluster", ClusterCommand.class);
        COMMANDS.put("member", MemberCommand.class);
        COMMANDS.put("backup", BackupCommand.class);
        COMMANDS.put("restore", RestoreCommand.class);
        COMMANDS.put("verify", VerifyCommand.class);
        COMMANDS.put("soak", SoakCommand.class);
        COMMANDS.put("put", StoreCommands.Put.class);
        COMMANDS.put("get", StoreCommands.Get.class);
        COMMANDS.put("delete", StoreCommands.Delete.class);
        COMMANDS.put("status", StatusCommand.class);
        COMMANDS.put("data", DataCommand.class);
        COMMANDS.put("watch", WatchCommand.class);
        COMMANDS.put("link", LinkCommands.ChangeLink.class);
        COMMANDS.put("partition", LinkCommands.Partition.class);
        COMMANDS.put("isolate", LinkCommands.Isolate.class);
        COMMANDS.put("heal", LinkCommands.Heal.class);
        COMMANDS.put("crash", ReplicaCommands.Crash.class);
        COMMANDS.put("wipe", ReplicaCommands.Wipe.class);
        COMMANDS.put("restart", ReplicaCommands.Restart.class);
        COMMANDS.put("pause", ReplicaCommands.Pause.class);
        COMMANDS.put("resume", ReplicaCommands.Resume.class);
        COMMANDS.put("slow-disk", ReplicaCommands.SlowDisk.class);
        COMMANDS.put("repair-disk", ReplicaCommands.RepairDisk.class);
        COMMANDS.put("bench", BenchCommand.class);
        COMMANDS.put("protocols", ProtocolsCommand.class);
        COMMANDS.put("matrix", MatrixCommand.class);
        COMMANDS.put("compare", CompareCommand.class);
        COMMANDS.put("zoo", ZooCommand.class);
        COMMANDS.put("help", HelpCommand.class);
        COMMANDS.put("completion", CompletionCommand.class);
        COMMANDS.put("version", VersionCommand.class);
    }

    /** Commands that need all other commands. */
    private static final Set<String> ABOUT_ALL = Set.of("help", "completion");

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the versions of Orrery and Java.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--plugins",
            paramLabel = "JAR|DIR",
            scope = ScopeType.INHERIT,
            description =
                    "A jar with more protocols, or a directory of such jars (or ORRERY_PLUGINS, separated as a class path is).")
    private List<Path> plugins = List.of();

    private Main() {}

    public static void main(String[] arguments) {
        Output output = new Output(new FileOutputStream(FileDescriptor.out));
        PrintWriter err = utf8(System.err);
        int exitCode = run(utf8(output), err, arguments);
        System.exit(output.problem()
                .map(problem -> {
                    err.println("the output could not be written: " + problem);
                    return ExitCode.USAGE;
                })
                .orElse(exitCode));
    }

    private static PrintWriter utf8(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs one command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        if (arguments.length == 0) {
            return run(out, err, "sim");
        }
        CommandLine line = new CommandLine(new Main());
        String first = arguments[0];
        boolean all = ABOUT_ALL.contains(first) || !COMMANDS.containsKey(first);
        COMMANDS.forEach((name, type) -> {
            if (all || name.equals(first)) {
                line.addSubcommand(name, type);
            }
        });
        addHelp(line);
        line.setExecutionStrategy(Main::execute);
        line.setOut(Terminal.on(out))
                .setErr(Terminal.on(err))
                // Picocli's styles are escape sequences, which the terminal writer would print as text.
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, given) -> explain(wrong))
                .setExecutionExceptionHandler((failure, command, result) -> report(failure, command));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError e) {
            line.getErr()
                    .println("the heap of " + HeapGuard.size()
                            + " MiB is too small for this; it can be made larger, as in: "
                            + "JAVA_TOOL_OPTIONS=-Xmx8g ./run.sh " + first + " ...");
            return ExitCode.UNKNOWN;
        }
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        line.getSubcommands().values().forEach(Main::addHelp);
    }

    private static int execute(ParseResult parsed) {
        CommandLine line = parsed.commandSpec().commandLine();
        List<Path> plugins = ((Main) parsed.commandSpec().userObject()).plugins;
        try {
            if (plugins.isEmpty()) {
                Plugins.useThoseOfTheProcess();
            } else {
                Plugins.use(plugins);
            }
        } catch (IllegalArgumentException e) {
            throw new ExecutionException(line, e.getMessage(), e);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Explains wrong usage: the error, a suggestion, and the command's usage. */
    private static int explain(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !command.getSubcommands().isEmpty()
                && !unmatched.isUnknownOption()) {
            return unknown(unmatched.getUnmatched().get(0), command);
        }
        command.getErr().println(wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
        command.usage(command.getErr());
        return ExitCode.USAGE;
    }

    private static int unknown(String name, CommandLine parent) {
        Optional<String> meant =
                CommandNames.meant(name, parent.getSubcommands().keySet());
        parent.getErr()
                .println("there is no command \"" + name + "\""
                        + meant.map(it -> "; did you mean \"" + it + "\"?").orElse(""));
        if (meant.isPresent()) {
            parent.getErr().println(parent.getCommandSpec().qualifiedName() + " --help shows all commands");
        } else {
            parent.usage(parent.getErr());
        }
        return ExitCode.USAGE;
    }

    private static int report(Exception failure, CommandLine command) {
        if (failure instanceof CommandFailure expected) {
            command.getErr().println(expected.getMessage());
            return expected.exitCode();
        }
        if (failure instanceof RequestFailure request) {
            command.getErr().println(request.getMessage());
            return switch (request.kind()) {
                case REFUSED -> ExitCode.NO;
                case WRONG -> ExitCode.USAGE;
                case UNKNOWN -> ExitCode.UNKNOWN;
            };
        }
        // A wrong file or option value, a JVM that does not start, a failing disk.
        if (failure instanceof ConfigProblem
                || failure instanceof IllegalArgumentException
                || failure instanceof LaunchFailure
                || failure instanceof JournalException) {
            command.getErr().println(failure.getMessage());
            return ExitCode.USAGE;
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
            command.getErr().println(FileProblem.of((IOException) cause));
            return ExitCode.USAGE;
        }
        failure.printStackTrace(command.getErr());
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
