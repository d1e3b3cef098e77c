package io.orrery.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.dissemination.Dependencies;
import io.orrery.protocol.dissemination.Dependency;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is kept on disk and sent over the wire, of every type that there is. */
class CodecTest {
    private static final int ROUNDS = 60;
    private static final CBORMapper MAPPER = new CBORMapper();
    private static final ProtocolType LARGEST = Protocols.named("leader-quorum");
    private static final Codec<JournalEntry> ENTRIES = Codec.ofEntries(LARGEST);
    private static final Codec<Message> MESSAGES = Codec.ofMessages(LARGEST);

    static Stream<Class<?>> entryTypes() {
        return Protocols.all().stream()
                .flatMap(protocol -> protocol.vocabulary().entries().stream())
                .<Class<?>>map(type -> type)
                .distinct();
    }

    static Stream<Class<?>> messageTypes() {
        return Protocols.all().stream()
                .flatMap(protocol -> protocol.vocabulary().messages().stream())
                .<Class<?>>map(type -> type)
                .distinct();
    }

    private static Codec<JournalEntry> codecOfEntry(Class<?> type) {
        return Codec.ofEntries(of(protocol -> protocol.vocabulary().entries().contains(type)));
    }

    private static Codec<Message> codecOfMessage(Class<?> type) {
        return Codec.ofMessages(of(protocol -> protocol.vocabulary().messages().contains(type)));
    }

    private static ProtocolType of(Predicate<ProtocolType> speaks) {
        return Protocols.all().stream().filter(speaks).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("entryTypes")
    void everyEntryComesBackAsItWas(Class<?> type) throws IOException {
        comesBack(codecOfEntry(type), type.asSubclass(JournalEntry.class));
    }

    @ParameterizedTest
    @MethodSource("messageTypes")
    void everyMessageComesBackAsItWas(Class<?> type) throws IOException {
        comesBack(codecOfMessage(type), type.asSubclass(Message.class));
    }

    private static <T> void comesBack(Codec<T> codec, Class<? extends T> type) throws IOException {
        Set<T> different = new LinkedHashSet<>();
        for (int seed = 0; seed < ROUNDS; seed++) {
            T sample = new Samples(seed).of(type);
            byte[] bytes = codec.encode(sample);
            assertEquals(sample, codec.decode(bytes));
            assertEquals(sample, codec.decode(withUnknownFields(bytes)), "with what a newer version wrote");
            assertFalse(new String(bytes, StandardCharsets.ISO_8859_1).contains("io.orrery"), "no class is named");
            different.add(sample);
        }
        assertTrue(different.size() > ROUNDS / 2, "so alike that little was tested: " + different.size());
    }

    @ParameterizedTest
    @MethodSource("entryTypes")
    void anEntryWithoutAFieldIsNoEntry(Class<?> type) throws IOException {
        isRefusedWithoutAField(codecOfEntry(type), type.asSubclass(JournalEntry.class));
    }

    @ParameterizedTest
    @MethodSource("messageTypes")
    void aMessageWithoutAFieldIsNoMessage(Class<?> type) throws IOException {
        isRefusedWithoutAField(codecOfMessage(type), type.asSubclass(Message.class));
    }

    private static <T> void isRefusedWithoutAField(Codec<T> codec, Class<? extends T> type) throws IOException {
        T sample = new Samples(1).of(type);
        for (RecordComponent field : type.getRecordComponents()) {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(codec.encode(sample));
            assertNotNull(tree.remove(field.getName()), field::getName);
            byte[] without = MAPPER.writeValueAsBytes(tree);
            if (field.getType() == Optional.class) {
                assertEquals(type, codec.decode(without).getClass());
            } else {
                assertThrows(IllegalArgumentException.class, () -> codec.decode(without), field::getName);
            }
        }
    }

    /** What a newer version might add, to every object but vectors and clocks, whose names are data. */
    private static byte[] withUnknownFields(byte[] bytes) throws IOException {
        JsonNode tree = MAPPER.readTree(bytes);
        addUnknownFields(tree);
        return MAPPER.writeValueAsBytes(tree);
    }

    private static void addUnknownFields(JsonNode tree) {
        tree.forEach(CodecTest::addUnknownFields);
        boolean isMap =
                tree.properties().stream().allMatch(field -> field.getValue().isIntegralNumber())
                        && !tree.has("sequence");
        if (tree instanceof ObjectNode object && !isMap) {
            object.put("added-later", 7)
                    .putObject("and-this")
                    .put("@type", "new")
                    .putArray("deep");
        }
    }

    /** A journal of an earlier version has these names: one that changes makes it unreadable. */
    @Test
    void theNamesStayAsTheyAre() {
        assertEquals(
                Set.of(
                        "write",
                        "on-disk",
                        "progress",
                        "started",
                        "seal",
                        "restored",
                        "life",
                        "ordered",
                        "taken",
                        "fenced",
                        "handed",
                        "settled",
                        "ballot",
                        "item",
                        "kept",
                        "committed",
                        "command",
                        "begun",
                        "admitted",
                        "answered"),
                names(entryTypes()));
        assertEquals(
                Set.of(
                        "update",
                        "digest",
                        "hello",
                        "answer",
                        "fetch",
                        "delta",
                        "farewell",
                        "forward",
                        "ordered",
                        "ack",
                        "ask",
                        "position",
                        "query",
                        "state",
                        "store",
                        "stored",
                        "acknowledge",
                        "vote",
                        "voted",
                        "append",
                        "appended",
                        "commit",
                        "snapshot",
                        "taken",
                        "index"),
                names(messageTypes()));
        assertEquals(
                Set.of("read", "write", "sync", "delete", "cas"),
                names(Stream.of(Operation.class.getPermittedSubclasses())));
        assertEquals(Set.of("none", "past", "nearest"), names(Stream.of(Dependencies.class.getPermittedSubclasses())));
        assertEquals(Set.of("prefix", "made"), names(Stream.of(Dependency.class.getPermittedSubclasses())));
    }

    private static Set<String> names(Stream<Class<?>> types) {
        return types.map(type -> type.getAnnotation(JsonTypeName.class).value()).collect(Collectors.toSet());
    }

    @Test
    void aTypeIsFoundByANameOfTheClosedSetAndByNothingElse() throws IOException {
        for (String name : List.of("later", "io.orrery.protocol.dissemination.Seal", "java.lang.Object", "update")) {
            byte[] bytes = MAPPER.writeValueAsBytes(
                    MAPPER.createObjectNode().put("@type", name).put("count", 3));
            assertThrows(IllegalArgumentException.class, () -> ENTRIES.decode(bytes), name);
        }
        byte[] known = MAPPER.writeValueAsBytes(
                MAPPER.createObjectNode().put("@type", "settled").put("number", 3));
        assertEquals("handed/3", ENTRIES.decode(known).slot());
    }

    @Test
    void whatIsNoEncodingIsRefused() {
        byte[] whole = ENTRIES.encode(new Samples(1).of(JournalEntry.class));
        for (int length = 0; length < whole.length; length++) {
            int shorter = length;
            assertThrows(IllegalArgumentException.class, () -> ENTRIES.decode(whole, 0, shorter));
        }
        assertThrows(IllegalArgumentException.class, () -> ENTRIES.decode(new byte[] {(byte) 0xf6}), "null");
    }

    /** As a hand or an earlier version may have written it. */
    @Test
    void aVectorIsReadInAnyOrderAndNothingElseIsOne() throws IOException {
        assertEquals(
                "position {A: 3, A~1: 5000000000, B: 1}", position("{\"B\":1, \"A~1\":5000000000, \"C\":0, \"A\":3}"));
        assertEquals("position {}", position("{}"));
        for (String none : List.of(
                "[]",
                "1",
                "{\"A\":-1}",
                "{\"A\":null}",
                "{\"A\":1.5}",
                "{\"A\":\"x\"}",
                "{\"A\":{}}",
                "{\"a b\":1}",
                "{\"A\":99999999999999999999}")) {
            assertThrows(IllegalArgumentException.class, () -> position(none), none);
        }
    }

    /** It would go into answers as it is, and no client could read them. */
    @Test
    void aValueThatIsNotJsonIsNotTakenFromAPeer() throws IOException {
        for (String none : List.of("", "1,\"x\":2", "{", "nothing")) {
            ObjectNode tree = MAPPER.createObjectNode();
            ObjectNode operation =
                    MAPPER.createObjectNode().put("@type", "write").put("key", "x");
            tree.put("@type", "forward").put("caller", "A").put("number", 1).put("settled", 0);
            tree.set("operation", operation);
            operation.put("value", "1");
            assertEquals(
                    "forward write x",
                    MESSAGES.decode(MAPPER.writeValueAsBytes(tree)).toString());
            operation.put("value", none);
            byte[] bytes = MAPPER.writeValueAsBytes(tree);
            assertThrows(IllegalArgumentException.class, () -> MESSAGES.decode(bytes), none);
        }
    }

    @Test
    void aVectorHasAnEnd() {
        VersionVector.Builder vector = new VersionVector.Builder();
        for (int i = 0; i < 10_000; i++) {
            vector.add(new Origin(NodeId.of("A"), i), 1);
        }
        assertThrows(IllegalArgumentException.class, () -> vector.add(new Origin(NodeId.of("A"), 10_000), 1));
    }

    /** Whatever the bytes are, they are an encoding or they are refused. */
    @ParameterizedTest
    @MethodSource("messageTypes")
    void bytesThatWereChangedAreReadOrRefused(Class<?> type) {
        SeededRandom random = new SeededRandom(type.getName().length());
        for (int seed = 0; seed < ROUNDS; seed++) {
            byte[] bytes = codecOfMessage(type).encode(new Samples(seed).of(type.asSubclass(Message.class)));
            for (int round = 0; round < 20; round++) {
                byte[] changed = bytes.clone();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    changed[random.nextInt(Math.min(changed.length, 300))] = (byte) random.nextInt(256);
                }
                try {
                    assertNotNull(codecOfMessage(type).decode(changed));
                } catch (IllegalArgumentException e) {
                    assertNotNull(e.getMessage());
                }
            }
        }
    }

    private static String position(String vector) throws IOException {
        ObjectNode tree = MAPPER.createObjectNode()
                .put("@type", "position")
                .put("by", "B")
                .put("caller", "A")
                .put("number", 1);
        tree.set("known", new ObjectMapper().readTree(vector));
        return MESSAGES.decode(MAPPER.writeValueAsBytes(tree)).toString();
    }

    @Test
    void onlyTypesWithNamesOfTheirOwnAreTaken() {
        record Nameless(Object slot) implements JournalEntry {}

        @JsonTypeName("same")
        record One(Object slot) implements JournalEntry {}

        @JsonTypeName("same")
        record Other(Object slot) implements JournalEntry {}

        assertThrows(IllegalArgumentException.class, () -> new Codec<>(JournalEntry.class, List.of(Nameless.class)));
        assertThrows(
                IllegalArgumentException.class, () -> new Codec<>(JournalEntry.class, List.of(One.class, Other.class)));
        assertThrows(IllegalArgumentException.class, () -> ENTRIES.encode(new One("s")));
    }
}
