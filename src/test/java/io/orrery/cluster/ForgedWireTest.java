package io.orrery.cluster;

import static io.orrery.cluster.Impostor.message;
import static io.orrery.http.TestServer.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.codec.Codec;
import io.orrery.codec.Extremes;
import io.orrery.model.Outcome;
import io.orrery.network.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
            impostor.send(update("9223372036854775807@B", 1));
            impostor.send(update("9007199254740992@B", 1));
            impostor.send(update("1@B", Long.MAX_VALUE));
            impostor.send(update("5@B", 1));
            impostor.awaitTaken();
            for (int round = 0; round < 2; round++) {
                Outcome.Done done = assertInstanceOf(Outcome.Done.class, impostor.writeWhenAdmitted());
                long counter = done.version().orElseThrow().counter();
                assertTrue(counter > 5 && counter < 10, () -> "version " + counter);
                impostor.restartNode();
            }
        }
    }

    private static ObjectNode update(String version, long sequence) {
        ObjectNode update = message("update");
        ObjectNode write = update.putObject("write");
        write.putObject("dot").put("origin", "B").put("sequence", sequence);
        write.put("@type", "write").put("key", "y").put("value", "1").put("version", version);
        write.putObject("dependencies").put("@type", "none");
        return update;
    }

    /** Each message of the wire, with each number and text in it changed to each extreme. */
    @Test
    void whateverTheySayTheNodeStaysWhereItIs() throws Exception {
        try (Impostor impostor = new Impostor(directory)) {
            eventually("A is a member", () -> members(impostor).equals(List.of("A up", "B joining")));
            Codec<NodeMessage> codec = NodeMessage.codec();
            for (NodeMessage nodeMessage : (Iterable<NodeMessage>) NodeMessageTest.all()::iterator) {
                Stream.of(Extremes.TOO_HIGH, Extremes.OTHERS)
                        .forEach(extremes -> Extremes.forEachChanged(
                                codec.encode(nodeMessage),
                                extremes,
                                changed -> impostor.say(Frames.Kind.WIRE, changed)));
            }
            impostor.awaitTaken();
            assertEquals("A up", members(impostor).get(0), "its membership has not ended");
            impostor.node()
                    .laboratory()
                    .apply(Fault.Heal.ALL)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertInstanceOf(Outcome.Done.class, impostor.write());
        }
    }

    private static List<String> members(Impostor impostor) {
        return impostor.node().members().orElseThrow().stream()
                .map(it -> it.node() + " " + it.status())
                .toList();
    }
}
