package io.orrery.cli;

import io.orrery.deployment.WorkersFile;
import io.orrery.launch.ParentWatch;
import io.orrery.workers.Worker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays worlds for sweeps on other machines. */
@Command(
        name = "sweep-worker",
        description = {
            "Plays worlds for sweep FILE --workers CONF, until Ctrl-C.",
            "It waits for a sweep at the address in CONF, plays what that hands out, and waits for the next. The file is the",
            "same on both sides. Start one on each machine; more may come, go or die at any time."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was told to end",
            "2:wrong usage or a bad file, or the sweep refuses this worker, by its version or certificate"
        })
final class SweepWorkerCommand implements Callable<Integer> {
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CONF", description = "The file that says where the sweep listens.")
    private Path file;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where this process listens, and the sweep reaches it (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "The port there (default: any that is free).")
    private int port;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many worlds are played at a time (default: one for each processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private LogOption log;

    @Override
    public Integer call() throws InterruptedException {
        RoundsOption.atLeastOne("--threads", threads);
        PrintWriter out = spec.commandLine().getOut();
        WorkersFile workersFile = WorkersFile.load(file, spec.commandLine().getErr()::println);
        Worker worker = new Worker(
                workersFile,
                workersFile.worker(host, port),
                threads,
                new VersionCommand().getVersion()[0],
                out::println);
        ServerEnd end = ServerEnd.prepare();
        end.started(worker::stop, LAST_WORDS);
        ParentWatch.exitWhenCut();
        try {
            worker.run();
        } catch (IllegalArgumentException e) {
            end.notStarted();
            throw e;
        }
        return ExitCode.OK;
    }
}
