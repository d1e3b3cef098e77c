package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.codec.Codec;
import io.orrery.deployment.Deployment;
import io.orrery.deployment.DeploymentLoader;
import io.orrery.launch.FreePorts;
import io.orrery.live.BindFailure;
import io.orrery.live.RandomId;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Node A of two, and in the place of B somebody who speaks to it over a real connection, and may say anything. */
final class Impostor implements AutoCloseable {
    static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final ObjectMapper MAPPER = new CBORMapper();
    private static final int MOST = 1 << 20;

    private final Codec<NodeMessage> wires = NodeMessage.codec();
    private final BlockingQueue<NodeMessage> heard = new LinkedBlockingQueue<>();
    private final String process = RandomId.draw();
    private final Deployment deployment;
    private final int portOfA;
    private Node node;
    private Socket socket;
    private Frames frames;
    private long questions;

    /** @param directory for the deployment file and the data of A */
    Impostor(Path directory) throws Exception {
        List<Integer> ports = FreePorts.of(2);
        portOfA = ports.get(0);
        deployment = DeploymentLoader.load(Files.writeString(
                directory.resolve("test.conf"), """
                protocol = lamport-lww
                journal = rocksdb
                data = "%s"
                lab = on
                replicas = [
                  { id = A, http { port = 0 }, remoting { port = %d } }
                  { id = B, http { port = 0 }, remoting { port = %d } }
                ]
                """.formatted(directory.resolve("data"), portOfA, ports.get(1))));
        startNode();
    }

    private void startNode() throws BindFailure, IOException {
        node = Node.start(deployment, A, ReplicaObserver.NONE);
        connect();
    }

    void restartNode() throws BindFailure, IOException {
        node.stop().toCompletableFuture().join();
        startNode();
    }

    Node node() {
        return node;
    }

    private void connect() throws IOException {
        Socket opened = new Socket("127.0.0.1", portOfA);
        Frames said = new Handshake(B, Map.of())
                .dialled(
                        opened,
                        new NodeMessage.Hello(
                                B, process, "127.0.0.1:1", Optional.empty(), SharedSettings.of(deployment)))
                .frames();
        said.write(Frames.Kind.WIRE, wires.encode(new NodeMessage.Welcome()));
        said.flush();
        socket = opened;
        frames = said;
        Thread ear = new Thread(() -> hear(said), "impostor");
        ear.setDaemon(true);
        ear.start();
    }

    /** A beats four times a second, and B after it: so it is not taken for gone. */
    private void hear(Frames from) {
        try {
            while (true) {
                Frames.Frame frame = from.read(MOST);
                if (frame.kind() == Frames.Kind.WIRE) {
                    heard.add(wires.decode(frame.content()));
                } else if (frame.kind() == Frames.Kind.BEAT) {
                    say(from, Frames.Kind.BEAT, new byte[0]);
                }
            }
        } catch (IOException e) {
            // The connection has ended.
        }
    }

    private static void say(Frames to, Frames.Kind kind, byte[] content) throws IOException {
        synchronized (to) {
            to.write(kind, content);
            to.flush();
        }
    }

    /** Says something as B, on another connection where A has ended the last. */
    void say(Frames.Kind kind, byte[] content) {
        try {
            say(frames, kind, content);
        } catch (IOException ended) {
            try {
                connect();
                say(frames, kind, content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    void say(NodeMessage nodeMessage) {
        say(Frames.Kind.WIRE, wires.encode(nodeMessage));
    }

    /** Says a message as replica B. */
    void send(ObjectNode message) {
        say(Frames.Kind.MESSAGE, bytes(message));
    }

    static byte[] bytes(ObjectNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message, of a type of the wire. */
    static ObjectNode message(String type) {
        return MAPPER.createObjectNode().put("@type", type);
    }

    /** Waits until A has taken in all that was said. */
    void awaitTaken() throws InterruptedException {
        long number = ++questions << 32;
        say(new NodeMessage.AskLinks(number));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            NodeMessage said = heard.poll(1, TimeUnit.SECONDS);
            if (said instanceof NodeMessage.LinkTable table && table.number() == number) {
                return;
            } else if (said == null) {
                // The connection may have ended with the question.
                assertNotNull(System.nanoTime() < deadline ? this : null, "the node is silent");
                say(new NodeMessage.AskLinks(number));
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

    /** The same, as soon as the node knows that it belongs to the others. */
    Outcome writeWhenAdmitted() throws Exception {
        Outcome outcome = write();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (outcome instanceof Outcome.Refused && System.nanoTime() < deadline) {
            outcome = write();
        }
        return outcome;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        node.stop().toCompletableFuture().join();
    }
}
