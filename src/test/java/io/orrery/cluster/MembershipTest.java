package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import io.orrery.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Places in a cluster, over real connections. */
@Timeout(60)
class MembershipTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");

    @TempDir
    private Path directory;

    private final List<Membership> memberships = new ArrayList<>();

    @AfterEach
    void end() {
        memberships.forEach(it -> it.stop().toCompletableFuture().join());
    }

    private Deployment deployment(String hostOfA, String hostOfB) throws IOException {
        List<Integer> ports = FreePorts.of(2);
        return DeploymentLoader.load(Files.writeString(
                directory.resolve("test.conf"), """
                protocol = lamport-lww
                insecure = true
                replicas = [
                  { id = A, http { port = 0 }, remoting { host = "%s", port = %d } }
                  { id = B, http { port = 0 }, remoting { host = "%s", port = %d } }
                ]
                """.formatted(hostOfA, ports.get(0), hostOfB, ports.get(1))));
    }

    private Membership start(Deployment deployment, NodeId self) {
        Membership membership =
                new Membership(deployment, self, (from, to, message) -> false, new Peers(), wire -> {}, node -> {});
        memberships.add(membership);
        membership.start();
        return membership;
    }

    /** What ends one membership may end the next as well: then the machine must have time for something else. */
    @Test
    void aMembershipThatEndsAgainAndAgainBeginsWithPauses() throws Exception {
        BlockingQueue<Long> ends = new LinkedBlockingQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                ends.add(System.nanoTime());
            }
        };
        Logger log = (Logger) LoggerFactory.getLogger(Membership.class);
        Logger failures = (Logger) LoggerFactory.getLogger("org.apache.pekko.actor");
        appender.start();
        log.addAppender(appender);
        log.setAdditive(false);
        failures.setLevel(Level.OFF);
        try {
            start(withAnImpossibleAddressOf(B, deployment("127.0.0.1", "127.0.0.1")), A);
            long first = next(ends);
            long millis = TimeUnit.NANOSECONDS.toMillis(next(ends) - first);
            assertTrue(millis >= Membership.RETRY_MILLIS, "again after " + millis + " ms");
        } finally {
            end();
            failures.setLevel(null);
            log.setAdditive(true);
            log.detachAppender(appender);
        }
    }

    private static long next(BlockingQueue<Long> ends) throws InterruptedException {
        Long end = ends.poll(30, TimeUnit.SECONDS);
        assertTrue(end != null, "it goes on");
        return end;
    }

    /** As no file can give it: it is refused when it is read. */
    private static Deployment withAnImpossibleAddressOf(NodeId id, Deployment deployment) {
        List<Deployment.Member> members = deployment.replicas().stream()
                .map(it -> it.id().equals(id)
                        ? new Deployment.Member(id, it.http(), Optional.of(new Deployment.Address("no_host", 1)))
                        : it)
                .toList();
        return new Deployment(
                deployment.title(),
                deployment.protocol(),
                members,
                deployment.roles(),
                deployment.links(),
                deployment.linkChanges(),
                deployment.tuning(),
                deployment.storage(),
                deployment.limits(),
                deployment.lab(),
                deployment.security());
    }
}
