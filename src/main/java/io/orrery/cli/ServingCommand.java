package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.Server;
import io.orrery.live.BindFailure;
import io.orrery.live.Readiness;
import io.orrery.model.FileProblem;
import io.orrery.model.NodeId;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs some or all replicas of a deployment in this process until a signal ends it. */
abstract class ServingCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Record the history of clients in this file, for check (an old file is overwritten).")
    private Path history;

    @Mixin
    private LogOption log;

    /** Reads the deployment and applies the options that override it. */
    abstract Deployment deployment();

    /** Reads a deployment and prints its warnings. */
    final Deployment load(Path file) {
        return DeploymentLoader.load(file, spec.commandLine().getErr()::println);
    }

    /** Tells people what they should know. */
    final void warn(String what) {
        spec.commandLine().getErr().println(what);
    }

    abstract Server start(Deployment deployment, Optional<Path> history) throws BindFailure;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ServerEnd end = ServerEnd.prepare();
        boolean hasStarted = false;
        try {
            Deployment deployment = deployment();
            Server server = start(deployment, Optional.ofNullable(history));
            end.started(server::stop, server.longestStop());
            hasStarted = true;
            server.whenReplaced().thenAccept(end::fatal);
            server.whenRemoved().thenAccept(end::fatal);
            server.whenBroken().thenRun(() -> end.fatal("a fatal error has ended the replicas"));
            out.println(deployment.title() + " (" + deployment.protocol() + ")");
            server.whenRecovered()
                    .thenRun(() -> recovered(deployment, server, out))
                    .thenCompose(recovered -> server.whenAll(Readiness::isSettled))
                    .thenAccept(found -> announce(deployment, server, found, out));
        } catch (UncheckedIOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the history cannot be written: " + FileProblem.of(e.getCause()));
        } catch (BindFailure e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage());
        } finally {
            if (!hasStarted) {
                end.notStarted();
            }
        }
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    /** Called when all replicas that are not down accept requests. */
    void recovered(Deployment deployment, Server server, PrintWriter out) {}

    /** Called when a replica is ready for the first time. */
    void ready(NodeId id, String url, Server server, PrintWriter out) {
        out.println("replica " + id + " is ready at " + url);
    }

    /** Announces the replicas. For a replica that is down the log gives the reason. */
    private void announce(Deployment deployment, Server server, Map<NodeId, Readiness> found, PrintWriter out) {
        found.forEach((id, readiness) -> {
            String url = deployment.url(server.addresses().get(id));
            if (readiness.isReady()) {
                ready(id, url, server, out);
                return;
            }
            if (readiness.state() != Readiness.State.DOWN) {
                out.println("replica " + id + " waits at " + url + ": " + readiness.problem());
            }
            server.when(id, Readiness::isReady).thenRun(() -> ready(id, url, server, out));
        });
        found.entrySet().stream()
                .filter(it -> it.getValue().state() != Readiness.State.DOWN)
                .findFirst()
                .ifPresent(first ->
                        out.println(hint(deployment.url(server.addresses().get(first.getKey())))));
    }

    /** A hint for a server whose first port is not 8000, the default of the commands. */
    static String hint(String first) {
        String commands = first.startsWith("http://") && first.endsWith(":8000")
                ? "./run.sh put x 1, ./run.sh get x, ./run.sh status"
                : "./run.sh put x 1 --node " + first + "; get x and status take the same --node";
        return "Ctrl-C stops it. In another terminal: " + commands;
    }
}
