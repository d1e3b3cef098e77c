package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Node A of two, and in the place of B somebody who speaks to it over a real connection, and may say anything. */
final class Impostor implements AutoCloseable {
    static final NodeId A = NodeId.of("A");
    private static final ObjectMapper MAPPER = new CBORMapper();

    private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>();
    private final Path conf;
    private final int portOfA;
    private Node node;
    final ActorSystem<Said> system;
    private final ActorRef<Said> courier;

    /** What nodes say, of whatever type. */
    public record Said(ObjectNode tree) {}

    /** Writes as {@link WireSerializer} does, but anything. */
    public static final class SaidSerializer extends SerializerWithStringManifest {
        private final WireSerializer wire = new WireSerializer();

        @Override
        public int identifier() {
            return wire.identifier();
        }

        @Override
        public String manifest(Object message) {
            return wire.manifest(message);
        }

        @Override
        public byte[] toBinary(Object message) {
            return bytes(((Said) message).tree());
        }

        @Override
        public Object fromBinary(byte[] bytes, String manifest) {
            return new Said(tree(bytes));
        }
    }

    static byte[] bytes(ObjectNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode tree(byte[] bytes) {
        try {
            return (ObjectNode) MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param directory for the deployment file and the data of A
     * @param roles what it says to be, where it joins the cluster of A
     */
    Impostor(Path directory, String... roles) throws Exception {
        int portOfB;
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback)) {
            portOfA = a.getLocalPort();
            portOfB = b.getLocalPort();
        }
        conf = Files.writeString(
                directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                lab = on
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(directory.resolve("data"), portOfA, portOfB));
        startNode();
        system = ActorSystem.create(
                Behaviors.<Said>receiveMessage(this::hear),
                "orrery",
                ConfigFactory.load(ConfigFactory.parseMap(Map.of(
                                "pekko.remote.artery.canonical",
                                Map.of("hostname", "127.0.0.1", "port", portOfB),
                                "pekko.cluster.roles",
                                List.of(roles),
                                "pekko.actor.serializers.orrery",
                                SaidSerializer.class.getName(),
                                "pekko.actor.serialization-bindings",
                                Map.of('"' + Said.class.getName() + '"', "orrery")))
                        .withFallback(ConfigFactory.parseResources("membership.conf"))));
        courier = ActorRefResolver.get(system).resolveActorRef(addressOfA() + "/user");
    }

    private void startNode() throws CannotBind {
        node = Node.start(DeploymentLoader.load(conf), A, ReplicaObserver.NONE);
    }

    void restartNode() throws CannotBind {
        node.stop().toCompletableFuture().join();
        startNode();
    }

    Node node() {
        return node;
    }

    String addressOfA() {
        return "pekko://orrery@127.0.0.1:" + portOfA;
    }

    private Behavior<Said> hear(Said said) {
        heard.add(said);
        return Behaviors.same();
    }

    void say(ObjectNode tree) {
        courier.tell(new Said(tree.deepCopy()));
    }

    /** A message of B, of a type of the wire. */
    static ObjectNode wire(String type) {
        return MAPPER.createObjectNode().put("@type", type).put("from", "B");
    }

    /** What A tells of itself, in answer to something that B tells of itself after all that it has said before. */
    ObjectNode presence() throws InterruptedException {
        heard.clear();
        while (true) {
            Said said = heard.poll(30, TimeUnit.SECONDS);
            assertNotNull(said, "the node is silent");
            ObjectNode tree = said.tree();
            if (tree.path("isAnswer").asBoolean()) {
                return tree;
            } else if (tree.path("@type").asText().equals("presence")) {
                // A is about to found a cluster, perhaps, and answers nobody then: so B says it each time that A calls.
                tree.put("from", "B").put("address", system.address().toString());
                say(tree.put("isAnswer", true));
                say(tree.put("isAnswer", false));
            }
        }
    }

    /** A client of A writes. */
    Outcome write() throws Exception {
        return node.client(A)
                .request(new Operation.Write(Key.of("x"), Value.of(1)), "")
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        system.terminate();
        node.stop().toCompletableFuture().join();
    }
}
