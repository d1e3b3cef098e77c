package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.Server;
import io.orrery.journal.JournalException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a deployment. */
@Command(
        name = "serve",
        description = "Runs all replicas of a deployment in this process, each with an HTTP address, until Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONF",
            description = "A deployment file (conf/lamport-lww.conf, where none is given).")
    private Path file;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description =
                    "Write what clients do to this file as it happens, ready for check (an old file is overwritten).")
    private Path history;

    @Override
    public Integer call() throws InterruptedException {
        start();
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    private void start() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            Deployment deployment = DeploymentLoader.load(file == null ? defaultFile() : file);
            Server server = Server.start(deployment, Optional.ofNullable(history));
            // Before anybody is told that it is ready: who is told may end it at once.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
            out.println(deployment.title() + " (" + deployment.protocol() + ")");
            server.addresses()
                    .forEach((id, address) -> out.println("replica " + id + " is ready at " + deployment.url(address)));
            out.println(
                    hint(deployment.url(server.addresses().values().iterator().next())));
        } catch (UncheckedIOException e) {
            throw new CommandFailure(ExitCode.USAGE, "the history cannot be written: " + e.getCause());
        } catch (Server.CannotBind | JournalException e) {
            throw new CommandFailure(ExitCode.USAGE, e.getMessage());
        }
    }

    /** The commands ask port 8000 where they are not told otherwise. */
    private static String hint(String first) {
        String commands = first.startsWith("http://") && first.endsWith(":8000")
                ? "./run.sh put x 1, ./run.sh get x, ./run.sh status"
                : "./run.sh put x 1 --node " + first + ", and get x and status alike";
        return "Ctrl-C stops it. In another terminal: " + commands;
    }

    private static Path defaultFile() {
        return Path.of(System.getProperty("orrery.home", ""), "conf", "lamport-lww.conf");
    }

    /** Runs when a signal ends the process. A signal that is obeyed is no error: the exit code is 0 and not 128 and some. */
    private static void stop(Server server) {
        int exitCode = ExitCode.OK;
        try {
            server.stop().toCompletableFuture().join();
        } catch (RuntimeException e) {
            System.err.println("the shutdown was not clean: " + e.getMessage());
            exitCode = ExitCode.NO;
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
