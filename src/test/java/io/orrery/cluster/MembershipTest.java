package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.typesafe.config.ConfigFactory;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Places in a cluster, over real connections. */
@Timeout(60)
class MembershipTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");

    private static final String PATIENCE = "orrery.rendezvous.patience";
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.orrery.cluster");

    @TempDir
    private Path directory;

    private final List<Membership> memberships = new ArrayList<>();
    private final BlockingQueue<ILoggingEvent> said = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event);
        }
    };

    @BeforeEach
    void listen() {
        System.setProperty(PATIENCE, "2s");
        ConfigFactory.invalidateCaches();
        ear.start();
        LOG.addAppender(ear);
        LOG.setAdditive(false);
    }

    @AfterEach
    void end() {
        memberships.forEach(it -> it.stop().toCompletableFuture().join());
        LOG.setAdditive(true);
        LOG.detachAppender(ear);
        System.clearProperty(PATIENCE);
        ConfigFactory.invalidateCaches();
    }

    private Deployment deployment(String... replicas) throws IOException {
        return DeploymentLoader.load(Files.writeString(
                directory.resolve("test.conf"),
                "protocol = lamport-lww, replicas = [" + String.join(", ", replicas) + "]"));
    }

    private static String replica(NodeId id, String host, int port) {
        return "{ id = %s, http { port = 0 }, remoting { host = %s, port = %d } }".formatted(id, host, port);
    }

    private void start(Deployment deployment, NodeId self) {
        Membership membership =
                new Membership(deployment, self, (from, to, message) -> false, new Peers(), wire -> {}, node -> {});
        memberships.add(membership);
        membership.start();
    }

    /** Waits until this has been said. */
    private ILoggingEvent hear(String words) throws InterruptedException {
        List<String> other = new ArrayList<>();
        while (true) {
            ILoggingEvent event = said.poll(30, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("not said: " + words + "; but: " + other);
            }
            if (event.getFormattedMessage().startsWith(words)) {
                return event;
            }
            other.add(event.getFormattedMessage());
        }
    }

    /** Messages that are addressed to another name are not for a node: its remoting drops them. */
    @Test
    void aNodeWhoseHostIsWrittenDifferentlyElsewhereIsToldOf() throws Exception {
        List<Integer> ports = FreePorts.of(2);
        int portOfA = ports.get(0);
        int portOfB = ports.get(1);
        start(deployment(replica(A, "localhost", portOfA), replica(B, "localhost", portOfB)), A);
        start(deployment(replica(A, "127.0.0.1", portOfA), replica(B, "127.0.0.1", portOfB)), B);
        hear("nothing is heard of node A: somebody listens at 127.0.0.1:" + portOfA
                + ", where it is expected, and is not"
                + " understood. All deployment files must write this host in the same way");
        hear("This node founds a cluster without node A: somebody listens at 127.0.0.1:" + portOfA);
    }

    @Test
    void aNodeThatIsKeptOutSaysSoItself() throws Exception {
        List<Integer> ports = FreePorts.of(2);
        String b = replica(B, "127.0.0.1", ports.get(1));
        start(deployment(b), B);
        start(deployment(replica(A, "127.0.0.1", ports.get(0)), b), A);
        hear("node B has another deployment than this one, and is kept out: lamport-lww with the replicas [B]");
    }

    /** What ends one membership may end the next as well: then the machine must have time for something else. */
    @Test
    void aMembershipThatEndsAgainAndAgainBeginsWithPauses() throws Exception {
        Logger failures = (Logger) LoggerFactory.getLogger("org.apache.pekko.actor");
        failures.setLevel(Level.OFF);
        try {
            int port = FreePorts.of(1).get(0);
            start(
                    withAnImpossibleAddressOf(B, deployment(replica(A, "127.0.0.1", port), replica(B, "localhost", 1))),
                    A);
            String words = "This node is no member of its cluster any more";
            long first = hear(words).getTimeStamp();
            long millis = hear(words).getTimeStamp() - first;
            assertTrue(millis >= Membership.RETRY_MILLIS, "again after " + millis + " ms");
        } finally {
            end();
            failures.setLevel(null);
        }
    }

    /** As no file can give it: it is refused when it is read. */
    private static Deployment withAnImpossibleAddressOf(NodeId id, Deployment deployment) {
        List<Deployment.Member> members = deployment.replicas().stream()
                .map(it -> it.id().equals(id)
                        ? new Deployment.Member(id, it.http(), Optional.of(new Deployment.Address("no_host", 1)))
                        : it)
                .toList();
        return deployment.withReplicas(members);
    }
}
