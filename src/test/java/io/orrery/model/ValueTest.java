package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.orrery.network.SeededRandom;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values with quotes, newlines, emoji and 64-bit integers come back as they went in. */
class ValueTest {
    private static final ObjectMapper PLAIN = JsonMapper.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "0",
                "-0",
                "1.0",
                "1.00",
                "1e400",
                "1E+2",
                "9223372036854775807",
                "-9223372036854775808",
                "123456789012345678901234567890.12345678901234567890",
                "\"\"",
                "\"a \\\"quoted\\\" word\"",
                "\"back\\\\\"",
                "\"\\\\\\\"  \\\\\"",
                "\"line\\nbreak\\u0000\"",
                "\"\\ud83d\\ude00\"",
                "\"\\ud800\"",
                "\"😀 é\u2028\"",
                "[]",
                "{}",
                "[1,[2,[]],{\"z\":1,\"a\":{\"z\":2}}]",
                "{\"\":null,\" \":\"  \"}"
            })
    void whatIsCompactComesBackAsItWentIn(String json) {
        assertEquals(json, Value.parse(json).json());
        assertEquals(json, Value.parse(json).toString());
        assertEquals(json, Value.parse(" \n\t\r" + json + " \r\n\t").json());
    }

    @Test
    void onlyTheWhiteSpaceBetweenTokensIsTakenOut() {
        assertEquals("{\"a b\":[1,\" \\\" \",{\"c\":null}]}", Value.parse("""
                {
                \t"a b" : [ 1 , " \\" " ,
                           { "c" : null } ]
                }
                """).json());
    }

    @Test
    void valuesAreEqualWhenTheirTextsAre() {
        assertEquals(Value.parse("[1, 2]"), Value.parse("[1,2]"));
        assertNotEquals(Value.parse("1.0"), Value.parse("1.00"));
        assertNotEquals(Value.parse("1"), Value.parse("1.0"));
        assertEquals(Value.NULL, Value.parse(" null "));
        assertEquals(Value.of(5), Value.parse("5"));
        assertEquals(Value.of(Long.MIN_VALUE), Value.parse("-9223372036854775808"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\"quoted\"", "back\\slash", "line\nbreak\ttab", "😀", "\u0000\u001f"})
    void anyTextBecomesAJsonStringAndIsFoundAgain(String text) {
        Value value = Value.of(text);
        assertEquals(text, value.tree().textValue());
        assertEquals(value, Value.parse(value.json()), "it is valid and compact");
    }

    /** Half a surrogate pair has no UTF-8; as an escape, JSON can write it all the same. */
    @Test
    void halfASurrogatePairIsKeptAsAnEscape() {
        char high = "😀".charAt(0);
        char low = "😀".charAt(1);
        assertEquals("\"a\\ud83d b\"", Value.parse("\"a" + high + " b\"").json());
        assertEquals(
                "[\"\\ude00\\ud83d\",\"😀\"]",
                Value.parse("[\"" + low + high + "\", \"😀\"]").json());
        assertEquals("\"\\ud83d\"", Value.of("" + high).json());
        assertEquals("" + low, Value.of("" + low).tree().textValue());
        assertEquals("\"😀\"", Value.of("😀").json());
        assertEquals(
                "a value must be valid Unicode (it has an unpaired surrogate; JSON can write that as an escape)",
                assertThrows(IllegalArgumentException.class, () -> new Value("\"" + high + "\""))
                        .getMessage());
    }

    @Test
    void nothingAtAllIsNoValue() {
        for (String nothing : List.of("", " ", "\n\t\r ")) {
            assertEquals(
                    "not JSON: there is no value (a text needs quotes: \"like this\")",
                    messageFor(nothing),
                    "for \"" + nothing + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "'single'",
                "{a:1}",
                "[1,]",
                "[1 2]",
                "{\"a\" 1}",
                "{\"a\":1,}",
                "01",
                "+1",
                ".5",
                "5.",
                "1e",
                "-",
                "NaN",
                "Infinity",
                "0x10",
                "tru",
                "nullx",
                "\"open",
                "[1",
                "{\"a\":1",
                "\"tab\tinside\"",
                "\"\\x\"",
                "\"\\u12\"",
                "// comment\n1",
                "1 /* comment */",
                "\uFEFF1",
                "\u00A01",
                "[\"open]",
                "{\"a\":\"\\q\"}"
            })
    void whatIsNotJsonIsRefusedWithThePlace(String text) {
        String message = messageFor(text);
        assertTrue(message.matches("(?s)not JSON: .* at line \\d+, column \\d+"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2", "{} {}", "\"a\"\"b\"", "null,", "[] ]", "true false", "1 x", "[]x"})
    void thereIsOneValueAndNothingAfterIt(String text) {
        String message = messageFor(text);
        assertTrue(message.startsWith("not JSON: ") || message.startsWith("not one JSON value: "), message);
    }

    @Test
    void aSecondValueIsNamedWithItsPlace() {
        String message = messageFor("1 2");
        assertTrue(message.startsWith("not one JSON value: there is more after it, at "), message);
    }

    @Test
    void aMemberThatIsThereTwiceIsRefused() {
        for (String text :
                List.of("{\"a\":1,\"a\":2}", "[{\"x\":{\"b\":1,\"c\":2,\"b\":1}}]", "{\"a\":1,\"\\u0061\":2}")) {
            String message = messageFor(text);
            assertTrue(message.contains("Duplicate"), message);
        }
    }

    @Test
    void nestingTooDeepToReadIsRefusedLikeAnyBadInput() {
        // Given JSON that is well formed, but so deep that the parser gives up, then that is the client's mistake.
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertTrue(messageFor(deep).startsWith("not JSON: "), messageFor(deep));
    }

    @Test
    void whatIsTakenCanBeReadAsATree() {
        String digits = "7".repeat(5_000);
        for (String text : List.of(digits, "[" + digits + "]", "{\"a\":" + digits + "}", "1e400", "[1.0e-400]")) {
            Value value;
            try {
                value = Value.parse(text);
            } catch (IllegalArgumentException refused) {
                continue;
            }
            value.tree();
        }
    }

    @Test
    void aTextOfAMebibyteIsAValue() {
        String text = "\"" + "x".repeat(1 << 20) + "\"";
        assertEquals(text, Value.parse(text).json());
    }

    /** The dumb twin: Jackson's own tree, written out again. */
    @Test
    void randomJsonMeansTheSameWithAndWithoutItsWhiteSpace() throws Exception {
        SeededRandom random = new SeededRandom(2);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            write(random, text, 4);
            Value value = Value.parse(text.toString());
            JsonNode expected = PLAIN.readTree(text.toString());
            assertEquals(expected, value.tree(), text.toString());
            assertEquals(value, Value.parse(value.json()), "compacting again changes nothing");
        }
    }

    private static void write(SeededRandom random, StringBuilder text, int depth) {
        space(random, text);
        switch (random.nextInt(depth == 0 ? 3 : 5)) {
            case 0 -> text.append(random.nextLong());
            case 1 ->
                text.append(List.of("null", "true", "false", "0.5", "-1e3").get(random.nextInt(5)));
            case 2 -> string(random, text);
            case 3 -> {
                text.append('[');
                int items = random.nextInt(4);
                for (int i = 0; i < items; i++) {
                    text.append(i == 0 ? "" : ",");
                    write(random, text, depth - 1);
                }
                space(random, text);
                text.append(']');
            }
            default -> {
                text.append('{');
                int members = random.nextInt(4);
                for (int i = 0; i < members; i++) {
                    text.append(i == 0 ? "" : ",");
                    space(random, text);
                    text.append("\"m ").append(i).append("\"");
                    space(random, text);
                    text.append(':');
                    write(random, text, depth - 1);
                }
                text.append('}');
            }
        }
        space(random, text);
    }

    private static void string(SeededRandom random, StringBuilder text) {
        List<String> pieces = List.of(" ", "\\\"", "\\\\", "\\n", "a", "😀", "[", ",", "\\u0020", "  ");
        text.append('"');
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        text.append('"');
    }

    private static void space(SeededRandom random, StringBuilder text) {
        text.append(List.of("", "", " ", "\n", "\t\r ").get(random.nextInt(5)));
    }

    private static String messageFor(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Value.parse(text))
                .getMessage();
    }

    /** Jackson's tables of names would keep each name that anybody has ever sent. */
    @Test
    void namesOfMembersAreNotKept() throws InterruptedException {
        WeakReference<Value> value = new WeakReference<>(Value.parse("{\"" + "n".repeat(1 << 20) + "\":1}"));
        long before = usedAfterCollection(value);
        for (int i = 0; i < 200; i++) {
            Value.parse("{\"" + i + "n".repeat(1 << 20) + "\":1}");
        }
        long grown = usedAfterCollection(new WeakReference<>(new Object())) - before;
        assertTrue(grown < 100 << 20, () -> "200 names of 1 MiB have left " + (grown >> 20) + " MiB");
    }

    private static long usedAfterCollection(WeakReference<?> garbage) throws InterruptedException {
        while (garbage.get() != null) {
            System.gc();
            Thread.sleep(1);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
