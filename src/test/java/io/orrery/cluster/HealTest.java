package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How soon nodes work together again when the net between them does. A write of {@code primary-linearizable} waits for all
 * replicas: the first one that is acknowledged after a cut tells.
 *
 * <p>For a measurement: {@code -Dorrery.heal.rounds=100 -Dorrery.heal.cut=14s}.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
@EnabledOnOs(OS.LINUX)
@Execution(ExecutionMode.CONCURRENT)
class HealTest {
    private static final NodeId A = NodeId.of("A");
    private static final int ROUNDS = Integer.getInteger("orrery.heal.rounds", 3);
    private static final Duration CUT =
            io.orrery.model.Durations.parse(System.getProperty("orrery.heal.cut", "1500ms"));

    @TempDir
    private Path directory;

    private final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    private final Map<NodeId, Gate> gates = new LinkedHashMap<>();

    private static String caller(NodeId node) {
        return "127.0.0." + (2 + node.name().charAt(0) - 'A');
    }

    private void start() throws Exception {
        List<Integer> ports = FreePorts.of(6);
        StringBuilder replicas = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            replicas.append(
                    "{ id = %c, http { port = 0 }, remoting { port = %d } }\n".formatted('A' + i, ports.get(i)));
        }
        Deployment deployment =
                DeploymentLoader.load(Files.writeString(directory.resolve("test.conf"), """
                protocol = primary-linearizable
                journal = memory
                limits { request-timeout = 300ms }
                replicas = [ %s ]
                """.formatted(replicas)));
        for (int i = 0; i < 3; i++) {
            NodeId id = deployment.ids().get(i);
            gates.put(id, new Gate(ports.get(i), ports.get(3 + i)));
            NodeAddress nodeAddress =
                    new NodeAddress(Optional.of(new Address("127.0.0.1", ports.get(3 + i))), Optional.of(caller(id)));
            nodes.put(id, Node.start(deployment, id, nodeAddress, ReplicaObserver.NONE));
        }
        untilAcknowledged();
    }

    @AfterEach
    void end() throws Exception {
        nodes.values().forEach(it -> it.stop().toCompletableFuture().join());
        for (Gate gate : gates.values()) {
            gate.close();
        }
    }

    private boolean write() throws Exception {
        return nodes.get(A)
                        .client(A)
                        .request(new Operation.Write(Key.of("x"), Value.of(1)), "")
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                instanceof Outcome.Done;
    }

    private void untilAcknowledged() throws Exception {
        while (!write()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Cuts C off from both others, in both directions. */
    private void cutC(Gate.Cut how) throws Exception {
        NodeId c = NodeId.of("C");
        for (Map.Entry<NodeId, Gate> gate : gates.entrySet()) {
            for (NodeId other : nodes.keySet()) {
                if (gate.getKey().equals(c) != other.equals(c)) {
                    gate.getValue().cut(caller(other), how);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Gate.Cut.class)
    void theFirstWriteAfterACutIsAcknowledgedWithinASecond(Gate.Cut how) throws Exception {
        start();
        List<Long> millis = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            cutC(how);
            long end = System.nanoTime() + CUT.toNanos();
            while (System.nanoTime() < end) {
                assertTrue(!write() || ROUNDS > 3, "C is cut off");
            }
            gates.values().forEach(Gate::heal);
            long healed = System.nanoTime();
            untilAcknowledged();
            millis.add(Duration.ofNanos(System.nanoTime() - healed).toMillis());
        }
        List<Long> sorted = millis.stream().sorted().toList();
        String measured = how + ": " + ROUNDS + " cuts of " + CUT.toMillis() + " ms, first write after heal: median "
                + sorted.get(ROUNDS / 2) + " ms, p99 " + sorted.get((int) Math.ceil(ROUNDS * 0.99) - 1) + " ms, max "
                + sorted.get(ROUNDS - 1) + " ms";
        System.out.println(measured);
        assertTrue(sorted.get(ROUNDS / 2) < 1_000, measured);
    }
}
