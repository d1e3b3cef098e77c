package io.orrery.cluster;

import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Deploy;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.remote.RemoteScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The Pekko cluster that nodes form. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class MembershipTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");

    @TempDir
    private Path directory;

    private final Map<NodeId, Node> nodes = new HashMap<>();
    private Deployment deployment;

    @BeforeEach
    void load() throws Exception {
        List<Integer> ports = FreePorts.of(3);
        deployment = DeploymentLoader.load(
                Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                  { id = C, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(ports.toArray())));
    }

    @AfterEach
    void stop() {
        List.copyOf(nodes.keySet()).forEach(this::stop);
    }

    private Node start(NodeId id) throws BindFailure {
        Node node = Node.start(deployment, id, ReplicaObserver.NONE);
        nodes.put(id, node);
        return node;
    }

    private void stop(NodeId id) {
        nodes.remove(id).stop().toCompletableFuture().join();
    }

    private static List<String> members(Node node) {
        return node.members().orElseThrow().stream()
                .map(it -> it.node() + " " + it.status() + " " + it.reachable())
                .toList();
    }

    @Test
    void theNodesAreMembersInWhateverOrderTheyComeAndGo() throws Exception {
        start(C);
        eventually("C is alone", () -> members(nodes.get(C)).equals(List.of("C up true")));
        start(A);
        start(B);
        List<String> all = List.of("A up true", "B up true", "C up true");
        for (NodeId id : List.of(A, B, C)) {
            eventually(id + " sees all", () -> members(nodes.get(id)).equals(all));
        }
        // Whoever has founded the cluster, it goes on without it.
        stop(C);
        eventually("C has gone", () -> members(nodes.get(A)).equals(List.of("A up true", "B up true")));
        start(C);
        for (NodeId id : List.of(A, B, C)) {
            eventually(id + " sees all again", () -> members(nodes.get(id)).equals(all));
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void twoClustersOfNodesThatDidNotReachEachOtherBecomeOne() throws Exception {
        List<NodeId> ids = List.of(A, C);
        List<Integer> behind = FreePorts.of(2);
        List<Gate> gates = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                int port = deployment
                        .member(ids.get(i))
                        .orElseThrow()
                        .requireRemoting()
                        .port();
                Gate gate = new Gate(port, behind.get(i));
                gates.add(gate);
                gate.cut("127.0.0." + (3 - i), Gate.Cut.CLOSED);
                NodeAddress nodeAddress = new NodeAddress(
                        Optional.of(new Deployment.Address("127.0.0.1", behind.get(i))),
                        Optional.of("127.0.0." + (2 + i)));
                nodes.put(ids.get(i), Node.start(deployment, ids.get(i), nodeAddress, ReplicaObserver.NONE));
            }
            for (NodeId id : ids) {
                eventually(id + " is alone", () -> members(nodes.get(id)).equals(List.of(id + " up true")));
            }
            gates.forEach(Gate::heal);
            for (NodeId id : ids) {
                eventually(
                        id + " is in one cluster with the other",
                        () -> members(nodes.get(id)).equals(List.of("A up true", "C up true")));
            }
        } finally {
            for (Gate gate : gates) {
                gate.close();
            }
        }
    }

    /** Created by a node that was told to. */
    public static final class Planted extends UntypedAbstractActor {
        static final Queue<ActorSystem> THERE = new ConcurrentLinkedQueue<>();

        public Planted() {
            THERE.add(getContext().getSystem());
        }

        @Override
        public void onReceive(Object message) {}
    }

    /** Who reaches the port of the membership neither ends an actor nor plants one; and who joins and is none of the nodes is put out again. */
    @Test
    void aStrangerEndsNothing() throws Exception {
        Node node = start(A);
        eventually("A is a member", () -> members(node).equals(List.of("A up true")));
        Address a = node.addressOfMembership().orElseThrow();
        ActorSystem stranger = ActorSystem.create(
                Membership.SYSTEM,
                ConfigFactory.load(ConfigFactory.parseMap(Map.of(
                                "pekko.remote.artery.canonical",
                                Map.of("hostname", "127.0.0.1", "port", 0),
                                "pekko.cluster.roles",
                                List.of("replica-bad id!")))
                        .withFallback(ConfigFactory.parseResources("membership.conf"))));
        try {
            ExtendedActorSystem system = (ExtendedActorSystem) stranger;
            for (String path : List.of("/user", "/system/cluster", "/system/cluster/core", "/system")) {
                ActorRef found = system.provider().resolveActorRef(a + path);
                found.tell(PoisonPill.getInstance(), ActorRef.noSender());
                found.tell(Kill.getInstance(), ActorRef.noSender());
                system.actorSelection(a + path).tell(PoisonPill.getInstance(), ActorRef.noSender());
            }
            system.systemActorOf(Props.create(Planted.class).withDeploy(new Deploy(new RemoteScope(a))), "planted");
            // What it has said before has come when it is taken in.
            Cluster.get(stranger).join(a);
            stranger.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
            eventually("A is alone again", () -> members(node).equals(List.of("A up true")));
            assertEquals(a, node.addressOfMembership().orElseThrow(), "its membership has not ended");
            assertTrue(Planted.THERE.stream().allMatch(stranger::equals), "an actor was planted");
            assertInstanceOf(
                    Outcome.Done.class,
                    node.client(A)
                            .request(new Operation.Write(Key.of("x"), Value.of(1)), "")
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS));
        } finally {
            stranger.terminate();
        }
    }
}
