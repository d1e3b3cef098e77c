package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.http.TestServer;
import io.orrery.launch.FreePorts;
import io.orrery.live.BindFailure;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code value-size} says what clients may write from now on: what was written before reaches every replica all the same. */
@Timeout(120)
class LargeValuesTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final Key X = Key.of("x");
    private static final Value LARGE = Value.of("v".repeat(5 << 20));

    @TempDir
    private Path directory;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(it -> it.stop().toCompletableFuture().join());
    }

    private Node start(Deployment deployment, NodeId id) throws BindFailure {
        Node node = Node.start(deployment, id, ReplicaObserver.NONE);
        nodes.add(node);
        return node;
    }

    private Deployment deployment(List<Integer> ports, String valueSize) throws Exception {
        return DeploymentLoader.load(Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                limits { value-size = %s }
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(
                        directory.resolve("data"), valueSize, ports.get(0), ports.get(1))));
    }

    private static Outcome ask(Node node, Operation operation) {
        return node.client(node.here().get(0))
                .request(operation, "")
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static Optional<Value> read(Node node) {
        return ask(node, new Operation.Read(X)) instanceof Outcome.Done done ? done.value() : Optional.empty();
    }

    @Test
    void aValueThatClientsMayNotWriteAnyMoreIsFetchedByWhoLacksIt() throws Exception {
        List<Integer> ports = FreePorts.of(2);
        Node before = start(deployment(ports, "8MiB"), A);
        TestServer.eventually("A takes it", () -> ask(before, new Operation.Write(X, LARGE)) instanceof Outcome.Done);
        before.stop().toCompletableFuture().join();
        nodes.clear();

        Deployment lowered = deployment(ports, "1KiB");
        start(lowered, A);
        Node b = start(lowered, B);
        TestServer.eventually("B has it", () -> read(b).isPresent());
        assertEquals(Optional.of(LARGE), read(b));
        TestServer.eventually(
                "B is ready", () -> b.readiness(B).toCompletableFuture().join().isReady());
    }
}
