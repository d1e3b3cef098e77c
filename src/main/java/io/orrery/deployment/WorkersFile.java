package io.orrery.deployment;

import io.orrery.config.ConfigReader;
import io.orrery.config.IncludePolicy;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.Security.Tls;
import io.orrery.model.WallClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a sweep and its workers meet, as a file says it in the words of a deployment: {@code remoting} is the address of the
 * sweep, {@code tls} the certificates of both sides, {@code insecure} that the network is trusted.
 *
 * @param sweep where the sweep listens, and its workers look for it
 */
public record WorkersFile(Address sweep, Optional<Tls> tls, boolean insecure) {
    /**
     * Reads a file, with the environment's variables in it.
     *
     * @param warnings takes a line for each probable mistake
     * @throws io.orrery.config.ConfigProblem if the file cannot be read or has mistakes; it has a line for each
     */
    public static WorkersFile load(Path file, Consumer<String> warnings) {
        return ConfigReader.readFile(file, IncludePolicy.OWN, warnings, it -> read(it, WallClock.now()));
    }

    private static WorkersFile read(ConfigReader file, Instant now) {
        file.expect("remoting", "tls", "insecure");
        Address sweep = DeploymentLoader.address(file, "remoting", "the port at which workers find the sweep", 1);
        WorkersFile read = new WorkersFile(
                sweep,
                file.attempt(() -> SecurityReader.tls(file, now), Optional.empty()),
                file.flag("insecure", false));
        file.object("remoting").checked("host", () -> read.requireProtected(sweep));
        return read;
    }

    /**
     * Where a worker listens.
     *
     * @param host on loopback, unless what is said is encrypted or the network trusted
     * @param port 0 for any free one
     * @throws IllegalArgumentException when it is no host, or exposed
     */
    public Address worker(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port is a number from 0, for any free port, to 65535, not " + port);
        }
        return requireProtected(new Address(DeploymentLoader.host(host), port));
    }

    private Address requireProtected(Address address) {
        if (tls.isEmpty() && !insecure && !address.isLoopback()) {
            throw new IllegalArgumentException("without TLS, anybody who reaches " + address
                    + " can say what is to be played, and what it came to; give tls { key, certificate, authority }, or"
                    + " insecure = true where the network is trusted");
        }
        return address;
    }
}
