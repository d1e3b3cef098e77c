package io.orrery.cli;

import io.orrery.deployment.Deployment;
import io.orrery.http.Server;
import io.orrery.launch.ParentWatch;
import io.orrery.live.BindFailure;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs all replicas of a deployment in one process. */
@Command(
        name = "serve",
        description = "Runs all replicas of a deployment in this process, each with an HTTP address, until Ctrl-C.")
final class ServeCommand extends ServingCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "CONF",
            description = "A deployment file (default: conf/lamport-lww.conf).")
    private Path file;

    @Override
    Deployment deployment() {
        return load(file == null ? defaultFile() : file);
    }

    private static Path defaultFile() {
        return Path.of(System.getProperty("orrery.home", ""), "conf", "lamport-lww.conf");
    }

    @Override
    Server start(Deployment deployment, Optional<Path> history) throws BindFailure {
        ParentWatch.exitWhenCut();
        return Server.start(deployment, history);
    }
}
