package io.orrery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What somebody might write in the place of each number and text of something that is encoded. */
public final class Extremes {
    /** Far more than any replica of a test has counted. */
    public static final long HIGH = 1L << 41;

    public static final List<Long> TOO_HIGH =
            List.of(HIGH, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE - 1, Long.MAX_VALUE);
    public static final List<Long> OTHERS =
            List.of(0L, -1L, Long.MIN_VALUE, 1L << 20, (1L << 40) - 1, 1L << 40, Long.MAX_VALUE >> 1);

    private static final List<String> TEXTS =
            List.of("Z", "", "bad id!", "\n\r\u0000\u001b[2J\u2028", "pekko://x@[::1", "x".repeat(20_000));
    private static final ObjectMapper MAPPER = new CBORMapper();

    private Extremes() {}

    /** Passes on an encoding as often as there are places in it and extremes for each. */
    public static void forEachChanged(byte[] cbor, List<Long> extremes, Consumer<byte[]> action) {
        try {
            JsonNode whole = MAPPER.readTree(cbor);
            forEachChanged(whole, extremes, changed -> action.accept(encoded(whole)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encoded(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes on a tree as often as there are places in it and extremes for each; what is passed on changes afterwards. */
    public static void forEachChanged(JsonNode tree, List<Long> extremes, Consumer<JsonNode> action) {
        if (tree instanceof ObjectNode object) {
            List<String> names =
                    object.properties().stream().map(Map.Entry::getKey).toList();
            for (String name : names) {
                JsonNode before = object.get(name);
                forEachChanged(before, extremes, changed -> {
                    object.set(name, changed);
                    action.accept(tree);
                });
                object.set(name, before);
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                JsonNode before = array.get(i);
                forEachChanged(before, extremes, changed -> {
                    array.set(at, changed);
                    action.accept(tree);
                });
                array.set(i, before);
            }
        } else if (tree.isIntegralNumber()) {
            extremes.forEach(extreme -> action.accept(LongNode.valueOf(extreme)));
        } else if (tree.isTextual()) {
            texts(tree.textValue(), extremes).forEach(text -> action.accept(TextNode.valueOf(text)));
        }
    }

    /** In the place of an id, an origin or a version what looks like one; and what looks like nothing. */
    private static Stream<String> texts(String text, List<Long> extremes) {
        String origin = text.substring(text.indexOf('@') + 1);
        String node = origin.split("~", 2)[0];
        return Stream.concat(
                TEXTS.stream(),
                extremes.stream().flatMap(it -> Stream.of(it + "@" + origin, "1@" + node + "~" + it, node + "~" + it)));
    }
}
