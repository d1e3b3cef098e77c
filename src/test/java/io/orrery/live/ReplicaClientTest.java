package io.orrery.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.replica.ReplicaObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaClientTest {
    private static final NodeId A = NodeId.of("A");
    private static final Operation WRITE = new Operation.Write(Key.of("x"), Value.of(1));

    @TempDir
    private Path directory;

    @Test
    void whatIsOpenWhenTheReplicaCrashesIsUnknownAtOnce() throws Exception {
        Path file = Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = memory
                limits { request-timeout = 30s }
                replicas = [{ id = A, http { port = 0 } }]
                """);
        LocalReplicas replicas = LocalReplicas.start(DeploymentLoader.load(file), ReplicaObserver.NONE);
        try {
            ReplicaClient client = replicas.client(A);
            replicas.apply(new Fault.Pause(A)).toCompletableFuture().join();
            CompletableFuture<Outcome> open = client.request(WRITE, "").toCompletableFuture();
            assertFalse(open.isDone());
            replicas.apply(new Fault.Crash(A)).toCompletableFuture().join();
            assertEquals(new Outcome.Unknown("replica A has crashed"), open.get(5, TimeUnit.SECONDS));
            assertEquals(0, client.openRequests());

            replicas.apply(new Fault.Restart(A)).toCompletableFuture().join();
            assertInstanceOf(
                    Outcome.Done.class,
                    client.request(WRITE, "").toCompletableFuture().get(30, TimeUnit.SECONDS));
        } finally {
            replicas.stop().toCompletableFuture().join();
        }
    }
}
