package io.orrery.cluster;

import static io.orrery.cluster.Impostor.bytes;
import static io.orrery.cluster.Impostor.message;
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
            ObjectNode unknown = message("of-a-newer-version");
            for (Frames.Kind kind : List.of(Frames.Kind.WIRE, Frames.Kind.MESSAGE)) {
                newer.say(kind, bytes(unknown));
                newer.say(kind, "not CBOR".getBytes(StandardCharsets.UTF_8));
                newer.say(kind, new byte[0]);
            }
            newer.say(Frames.Kind.WIRE, bytes(message("order")));
            newer.send(message("digest"));
            newer.awaitTaken(); // It answers what came after them.
            assertInstanceOf(Outcome.Done.class, newer.write());
        }
    }
}
