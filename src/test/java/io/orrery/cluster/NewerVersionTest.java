package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

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
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node to which the other one, over a real connection, says what only a newer version understands. */
class NewerVersionTest {
    private static final NodeId A = NodeId.of("A");
    private static final CBORMapper MAPPER = new CBORMapper();

    @TempDir
    private Path directory;

    private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>();
    private Node node;
    private ActorSystem<Said> newer;
    private ActorRef<Said> courier;

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
            try {
                return new Said((ObjectNode) MAPPER.readTree(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] bytes(ObjectNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        int portOfA;
        int portOfB;
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback)) {
            portOfA = a.getLocalPort();
            portOfB = b.getLocalPort();
        }
        Path file = Files.writeString(directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = memory
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(portOfA, portOfB));
        node = Node.start(DeploymentLoader.load(file), A, ReplicaObserver.NONE);
        newer = ActorSystem.create(
                Behaviors.<Said>receiveMessage(this::hear),
                "orrery",
                ConfigFactory.load(ConfigFactory.parseMap(Map.of(
                                "pekko.remote.artery.canonical",
                                Map.of("hostname", "127.0.0.1", "port", portOfB),
                                "pekko.actor.serializers.orrery",
                                SaidSerializer.class.getName(),
                                "pekko.actor.serialization-bindings",
                                Map.of('"' + Said.class.getName() + '"', "orrery")))
                        .withFallback(ConfigFactory.parseResources("membership.conf"))));
        courier = ActorRefResolver.get(newer).resolveActorRef("pekko://orrery@127.0.0.1:" + portOfA + "/user");
    }

    private Behavior<Said> hear(Said said) {
        heard.add(said);
        return Behaviors.same();
    }

    @AfterEach
    void end() {
        newer.terminate();
        node.stop().toCompletableFuture().join();
    }

    private ObjectNode awaitPresence(boolean isAnswer) throws InterruptedException {
        ObjectNode tree;
        do {
            Said said = heard.poll(30, TimeUnit.SECONDS);
            assertNotNull(said, "the node is silent");
            tree = said.tree();
        } while (!tree.path("@type").asText().equals("presence")
                || tree.path("isAnswer").asBoolean() != isAnswer);
        return tree;
    }

    private static ObjectNode wire(String type) {
        return MAPPER.createObjectNode().put("@type", type).put("from", "B");
    }

    @Test
    void itGoesOnWorking() throws Exception {
        ObjectNode presence = awaitPresence(false);
        ObjectNode noMessages = wire("messages").put("to", "A");
        noMessages
                .putArray("messages")
                .add(bytes(wire("of-a-newer-version")))
                .add("not CBOR".getBytes(StandardCharsets.UTF_8))
                .add(bytes(wire("digest")));
        ObjectNode nothing = wire("messages").put("to", "A");
        nothing.putArray("messages").addNull();
        for (ObjectNode tree : List.of(
                wire("of-a-newer-version"),
                wire("order"),
                wire("presence").put("reachable", 1).put("isAnswer", false),
                wire("messages").put("to", "A"),
                noMessages,
                nothing)) {
            courier.tell(new Said(tree));
        }
        String address = newer.address().toString();
        courier.tell(new Said(presence.put("from", "B").put("address", address).put("later", "more")));
        assertEquals("A", awaitPresence(true).path("from").asText(), "it answers what came after them");

        Outcome outcome = node.client(A)
                .request(new Operation.Write(Key.of("x"), Value.of(1)), "")
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertInstanceOf(Outcome.Done.class, outcome);
    }
}
