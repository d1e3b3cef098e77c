package io.orrery.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConfigReaderTest {
    @Test
    void readsWhatIsThere() {
        ConfigReader reader = reader("""
                title = "a \\"story\\""
                at = 500ms
                n = 3
                lab = on
                groups = [[A], [B, C]]
                put { key = x, value = { b = [1, null], a = "text" } }
                """, "title", "at", "n", "lab", "groups", "put", "absent");
        assertEquals("a \"story\"", reader.text("title"));
        assertEquals(Duration.ofMillis(500), reader.duration("at", Duration.ZERO));
        assertEquals(3, reader.integer("n", 1, 1, 5));
        assertTrue(reader.flag("lab", false));
        assertEquals(
                List.of(List.of(NodeId.of("A")), List.of(NodeId.of("B"), NodeId.of("C"))),
                reader.lists("groups", NodeId::of));
        assertEquals(
                "{\"a\":\"text\",\"b\":[1,null]}",
                reader.object("put").expect("key", "value").json("value").json());
        assertEquals(7, reader.integer("absent", 7, 1, 9));
        assertEquals(List.of("title", "at", "n", "lab", "groups", "put"), reader.keys());
    }

    @Test
    void aValueIsAnyJson() {
        ConfigReader reader = reader("a = 9007199254740993\nb = null\nc = 1.10\nd = true", "a", "b", "c", "d");
        assertEquals("9007199254740993", reader.json("a").json());
        assertEquals("null", reader.json("b").json());
        assertEquals("1.10", reader.json("c").json());
        assertEquals("true", reader.json("d").json());
    }

    @Test
    void halfASurrogatePairIsAnEscapeInAValueAndNoText() {
        ConfigReader reader = reader("\na = \"half \\ud800\"\nb = [\"\\udc00\"]", "a", "b");
        assertEquals("\"half \\ud800\"", reader.json("a").json());
        assertEquals("[\"\\udc00\"]", reader.json("b").json());
        assertProblem("test.conf:2: a must be valid Unicode (it has an unpaired surrogate)", () -> reader.text("a"));
        assertProblem(
                "test.conf:3: b must be valid Unicode (it has an unpaired surrogate)",
                () -> reader.list("b", NodeId::of));
    }

    @Test
    void anUnknownKeyIsNamedWithItsLineAndWhatWasMeant() {
        assertProblem(
                "test.conf:2: there is no key \"protocl\" here; did you mean \"protocol\"?",
                () -> reader("title = t\nprotocl = x", "title", "protocol"));
        assertProblem(
                "test.conf:1: there is no key \"colour\" here; there are: a, b",
                () -> reader("colour = red", "a", "b"));
    }

    @Test
    void wrongValuesAreNamedWithTheirLine() {
        ConfigReader reader = reader(
                "\nn = 0\nat = 3 parsecs\nminus = -1s\nflag = maybe\nlist = 4", "n", "at", "minus", "flag", "list");
        assertProblem(
                "test.conf:2: n is a whole number, 1 or more, not 0",
                () -> reader.integer("n", 1, 1, Integer.MAX_VALUE));
        assertProblem(
                "test.conf:3: there is no unit \"parsecs\" of time in \"3 parsecs\"; there are ns, us, ms, s, m, h",
                () -> reader.get("at", Durations::parse));
        assertProblem("test.conf:4: a time here is 0 or more, not -1s", () -> reader.get("minus", Durations::parse));
        assertProblem("test.conf:5: flag is on or off, not \"maybe\"", () -> reader.flag("flag", false));
        assertProblem("test.conf:6: list is a list, [ … ]; this is the number 4", () -> reader.list("list", s -> s));
        assertProblem(
                "test.conf:2: \"gone\" is missing",
                () -> reader("\n{ }", "gone").text("gone"));
    }

    @Test
    void theItemOfAListHasItsOwnLine() {
        ConfigReader reader = reader("ids = [\n  A\n  \"no spaces\"\n]", "ids");
        assertProblem(
                "test.conf:3: a replica id is 1 to 64 letters, digits, '-', '_' or '.', not \"no spaces\"",
                () -> reader.list("ids", NodeId::of));
    }

    @Test
    void whatIsNotHoconIsAProblemWithItsLine() {
        ConfigProblem problem =
                assertThrows(ConfigProblem.class, () -> ConfigReader.ofText("test.conf", "a = 1\nb = [1, 2"));
        assertTrue(problem.getMessage().startsWith("test.conf:2: "), problem.getMessage());
        assertProblem("src: this is a folder, not a file", () -> ConfigReader.ofFile(Path.of("src")));
        assertProblem("missing.conf: there is no such file", () -> ConfigReader.ofFile(Path.of("missing.conf")));
    }

    @Test
    void aBracketThatIsLeftOpenIsNamedWithItsLine() {
        assertNotHocon(
                "3: the '{' of this line is still open at the ']' of line 5; a '}' is missing between them",
                "title = t\nsteps = [\n  { put { key = x, value = 1 }\n  { at = 1s }\n]\n");
        assertNotHocon(
                "1: the '[' of this line is still open at the end of the file; a ']' is missing between them",
                "replicas = [\n  { id = A }\n\nsteps = [\n  { at = 1s }\n]\n");
        assertNotHocon(
                "2: the '[' of this line is still open at the '}' of line 3; a ']' is missing between them",
                "a {\n  b = [1, 2\n}\n");
        assertNotHocon("2: there is no '{' that the '}' here would close", "a = 1\nb = 2 }\n");
        assertNotHocon(
                "7: the '{' of this line is still open at the end of the file; a '}' is missing between them",
                "a = \"{ \\\" [\" # {\nb = 1 // [\nc = \"\"\"{\n\"[\n\"\"\"\"\nd = [\"\"]\ne {\n");
    }

    @Test
    void aLetterThatNeedsQuotesIsNamed() {
        for (String letter : List.of("&", "!", "@", "*", "?", "^", "`")) {
            assertNotHocon(
                    "2: a text with '" + letter + "' in it is written in quotes, \"…\"",
                    "a = 1\nb = x" + letter + "\n");
        }
    }

    @Test
    void whatIsWrongBetweenBracketsIsSaidInTheTermsOfHocon() {
        assertNotHocon(
                "2: a list goes on with a comma or a new line, or ends with ']'; here it is followed by '=' (if you want"
                        + " '=' to be part of a string value, then double-quote it)",
                "a = [1, 2\n b = 3 ]\n");
    }

    private static void assertNotHocon(String message, String text) {
        assertProblem("test.conf:" + message, () -> ConfigReader.ofText("test.conf", text));
    }

    private static ConfigReader reader(String text, String... keys) {
        return ConfigReader.ofText("test.conf", text).expect(keys);
    }

    private static void assertProblem(String message, Executable action) {
        assertEquals(message, assertThrows(ConfigProblem.class, action).getMessage());
    }
}
