package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.LaunchFailure;
import io.orrery.launch.LaunchOptions;
import io.orrery.launch.NodeProcess;
import io.orrery.launch.Nodes;
import io.orrery.model.DaemonThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a deployment as a cluster on this machine. */
@Command(
        name = "cluster",
        description = {
            "Runs each replica of a deployment in a JVM of its own on this machine, until Ctrl-C.",
            "While it runs it takes commands, a line each: status, verify, start ID, help, stop.",
            "When a node has caught up, at its start or after a partition, it compares what all nodes hold and prints the result."
        })
final class ClusterCommand implements Callable<Integer> {
    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]{0,8}[kKmMgG]");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONF", description = "A deployment file, such as conf/leader-quorum.conf.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The directory of data and logs (default: that in the file, otherwise data/NAME).")
    private Path data;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "256m",
            description = "The largest heap of each node (${DEFAULT-VALUE}).")
    private String heap;

    @Mixin
    private LogOption log;

    /** The exit code; completed when the command is to end. */
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    @Override
    public Integer call() {
        if (!HEAP.matcher(heap).matches()) {
            throw new IllegalArgumentException("--heap is a size such as 512m or 1g, not \"" + heap + "\"");
        }
        PrintWriter out = spec.commandLine().getOut();
        Deployment deployment = DeploymentLoader.load(file, spec.commandLine().getErr()::println);
        // Checked before anything starts, so that a file that every node would refuse is refused once.
        deployment.replicas().forEach(Deployment.Member::requireRemoting);
        Path directory = data == null ? deployment.storage().data() : data;
        ClusterConsole console = new ClusterConsole(
                deployment.ids(),
                deployment.security(),
                out,
                Ansi.AUTO.enabled() ? new PrintWriter(System.out, true, StandardCharsets.UTF_8) : out,
                Ansi.AUTO);
        // If no node ever came up, the cause is a taken port or a directory in use: bad usage.
        console.noneIsLeft().thenRun(() -> end.complete(console.anyCameUp() ? ExitCode.NO : ExitCode.USAGE));
        LaunchOptions options =
                LaunchOptions.in(directory).withFlags(List.of("-Xmx" + heap)).withListener(console);
        out.println(deployment.title() + " (" + deployment.protocol() + ")");
        out.println("Data and logs are in " + directory + ".");
        Nodes nodes = new Nodes(file, deployment, options);
        console.onCatchUp(new ClusterVerification(nodes, deployment.security(), out::println)::later);
        // Both a signal and the command stop end here.
        Thread hook = new Thread(() -> stop(nodes, console), "stop-cluster");
        Runtime.getRuntime().addShutdownHook(hook);
        Thread commands = DaemonThreads.create("commands", () -> takeCommands(nodes, console));
        // Commands are read once a node has started: a cluster that fails to start reads no input.
        DaemonThreads.start("start-nodes", () -> startAll(nodes, commands::start));
        try {
            return end.join();
        } catch (CompletionException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            throw e.getCause() instanceof LaunchFailure failure ? failure : e;
        }
    }

    private void startAll(Nodes nodes, Runnable begun) {
        try {
            nodes.startAll(begun);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    /** The end of input stops the cluster only on a terminal: a background cluster has no input. */
    private void takeCommands(Nodes nodes, ClusterConsole console) {
        boolean terminal = System.console() != null;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try {
            String line = lines.readLine();
            while (line != null && console.execute(line, nodes)) {
                line = lines.readLine();
            }
            if (line != null || terminal) {
                end.complete(ExitCode.OK);
            }
        } catch (IOException e) {
            // No input: only a signal ends the cluster.
        }
    }

    /** Stops after a signal. An obeyed signal is no error, so the exit code is 0, not 128 + n. */
    private void stop(Nodes nodes, ClusterConsole console) {
        console.stopping(nodes.all().stream().filter(NodeProcess::isAlive).count());
        try {
            nodes.stop();
        } catch (InterruptedException e) {
            nodes.close();
        }
        int exitCode = console.allStoppedInOrder() ? ExitCode.OK : ExitCode.NO;
        Runtime.getRuntime()
                .halt(Math.max(
                        exitCode, end.exceptionally(failure -> ExitCode.USAGE).getNow(ExitCode.OK)));
    }
}
