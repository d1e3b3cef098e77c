package io.orrery.cluster;

import static io.orrery.cluster.Impostor.bytes;
import static io.orrery.cluster.Impostor.tree;
import static io.orrery.cluster.Impostor.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.codec.Extremes;
import io.orrery.model.Outcome;
import io.orrery.network.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.Deploy;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Kill;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.UntypedAbstractActor;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.remote.RemoteScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody on the port for the other nodes says what no node would: the node neither ends nor believes it. */
@Timeout(120)
class ForgedWireTest {
    @TempDir
    private Path directory;

    @Test
    void aVersionThatIsTooHighIsNotBelieved() throws Exception {
        try (Impostor impostor = new Impostor(directory)) {
            impostor.presence();
            impostor.say(carried(update("9223372036854775807@B", 1)));
            impostor.say(carried(update("9007199254740992@B", 1)));
            impostor.say(carried(update("1@B", Long.MAX_VALUE)));
            impostor.say(carried(update("5@B", 1)));
            impostor.presence();
            for (int round = 0; round < 2; round++) {
                Outcome.Done done = assertInstanceOf(Outcome.Done.class, impostor.write());
                long counter = done.version().orElseThrow().counter();
                assertTrue(counter > 5 && counter < 10, () -> "version " + counter);
                impostor.restartNode();
            }
        }
    }

    private static ObjectNode update(String version, long sequence) {
        ObjectNode update = wire("update");
        ObjectNode write = update.putObject("write");
        write.putObject("dot").put("origin", "B").put("sequence", sequence);
        write.put("@type", "write").put("key", "y").put("value", "1").put("version", version);
        write.putObject("dependencies").put("@type", "none");
        return update;
    }

    private static ObjectNode carried(ObjectNode message) {
        ObjectNode carried = wire("messages").put("to", "A");
        carried.putArray("messages").add(bytes(message));
        return carried;
    }

    /** Each message of the wire, with each number and text in it changed to each extreme. */
    @Test
    void whateverTheySayTheNodeStaysWhereItIs() throws Exception {
        try (Impostor impostor = new Impostor(directory)) {
            String before = impostor.presence().path("uniqueAddress").asText();
            WireSerializer serializer = new WireSerializer();
            for (Wire wire : (Iterable<Wire>) WireTest.all()::iterator) {
                Stream.of(Extremes.TOO_HIGH, Extremes.OTHERS)
                        .forEach(extremes -> Extremes.forEachChanged(
                                serializer.toBinary(wire), extremes, changed -> impostor.say(tree(changed))));
            }
            assertEquals(before, impostor.presence().path("uniqueAddress").asText(), "its membership has not ended");
            impostor.node()
                    .laboratory()
                    .apply(Fault.Heal.ALL)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertInstanceOf(Outcome.Done.class, impostor.write());
        }
    }

    /** The cluster takes in whoever speaks its language: it is none of the nodes, and is put out again. */
    @Test
    void whoJoinsUnderANameThatIsNoneEndsNobody() throws Exception {
        try (Impostor impostor = new Impostor(directory, "replica-bad id!")) {
            while (impostor.presence().path("members").isEmpty()) {
                // The node founds its cluster first.
            }
            Cluster.get(impostor.system).manager().tell(Join.create(AddressFromURIString.parse(impostor.addressOfA())));
            impostor.system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals(
                    List.of("A up true"),
                    impostor.node().members().orElseThrow().stream()
                            .map(it -> it.node() + " " + it.status() + " " + it.reachable())
                            .toList());
            assertInstanceOf(Outcome.Done.class, impostor.write());
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

    @Test
    void nobodyEndsAnActorOrPlantsOneFromOutside() throws Exception {
        try (Impostor impostor = new Impostor(directory)) {
            ObjectNode before = impostor.presence();
            ActorSystem classic = Adapter.toClassic(impostor.system);
            for (String path : List.of("/user", "/system/cluster", "/system/cluster/core", "/system")) {
                ActorRef found = classic.provider().resolveActorRef(impostor.addressOfA() + path);
                found.tell(PoisonPill.getInstance(), ActorRef.noSender());
                found.tell(Kill.getInstance(), ActorRef.noSender());
                classic.actorSelection(impostor.addressOfA() + path)
                        .tell(PoisonPill.getInstance(), ActorRef.noSender());
            }
            ((ExtendedActorSystem) classic)
                    .systemActorOf(
                            Props.create(Planted.class)
                                    .withDeploy(new Deploy(
                                            new RemoteScope(AddressFromURIString.parse(impostor.addressOfA())))),
                            "planted");
            for (int i = 0; i < 3; i++) {
                assertEquals(before.path("uniqueAddress"), impostor.presence().path("uniqueAddress"));
            }
            assertTrue(Planted.THERE.stream().allMatch(classic::equals), "an actor was planted");
            assertNotNull(impostor.node().members());
        }
    }
}
