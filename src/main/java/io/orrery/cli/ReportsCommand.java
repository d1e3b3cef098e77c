package io.orrery.cli;

import io.orrery.report.served.ReportServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves the reports of runs to a browser. */
@Command(
        name = "reports",
        description = "Shows the runs that sim --out kept in a folder in a browser, on loopback, until Ctrl-C.")
final class ReportsCommand implements Callable<Integer> {
    private static final Path USUAL = Path.of("reports");

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder (default: reports).")
    private Path folder = USUAL;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9000",
            description = "The port; 0 stands for any free port (${DEFAULT-VALUE}).")
    private int port;

    @Spec
    private CommandSpec spec;

    /** The command that shows a folder's reports. */
    static String of(Path folder) {
        String command = "./run.sh reports";
        return folder.equals(USUAL) ? command : ShellQuoting.command(List.of("./run.sh", "reports", folder.toString()));
    }

    static List<String> announcement(Path folder, URI address) {
        return List.of("the runs in " + folder + " are at " + address, "Ctrl-C stops it.");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            throw new CommandFailure(
                    ExitCode.USAGE, folder + ": there is no such folder; sim --out " + folder + " makes it");
        }
        if (port < 0 || port > 65535) {
            throw new CommandFailure(ExitCode.USAGE, "--port is a number from 0 to 65535, not " + port);
        }
        PrintWriter out = spec.commandLine().getOut();
        try (ReportServer server = ReportServer.start(folder, port)) {
            // An obeyed signal is no error: the exit code is 0, not 128 + n.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(ExitCode.OK), "stop"));
            announcement(folder, server.address()).forEach(out::println);
            new CountDownLatch(1).await();
            return ExitCode.OK;
        } catch (BindException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "port " + port + " is in use: choose another by --port, or any by --port 0");
        }
    }
}
