package io.orrery.cluster;

import static io.orrery.cluster.Impostor.bytes;
import static io.orrery.cluster.Impostor.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.model.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node to which the other one, over a real connection, says what only a newer version understands. */
class NewerVersionTest {
    @Test
    void itGoesOnWorking(@TempDir Path directory) throws Exception {
        try (Impostor newer = new Impostor(directory)) {
            newer.presence();
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
                newer.say(tree);
            }
            assertEquals("A", newer.presence().path("from").asText(), "it answers what came after them");
            assertInstanceOf(Outcome.Done.class, newer.write());
        }
    }
}
