package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories in files: JSON lines and Jepsen's EDN, out and in again, and what is said of malformed ones. */
class HistoryFilesTest {
    private static final Key X = Key.of("x");

    private static History read(String text) {
        try {
            return HistoryReader.read(new StringReader(text), "run.jsonl");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String write(History history) {
        StringWriter out = new StringWriter();
        try (HistoryWriter writer = HistoryWriter.jsonLines(out)) {
            writer.append(history);
        }
        return out.toString();
    }

    /** One of each kind, with all that can be recorded. */
    private static History everything(Key key) {
        Event write = Event.invokeWrite(2, "bob", key, Value.parse("{\"a\":[1,2.50,\"\\u00e9\\n\"]}"));
        Event cas = Event.invokeCas(6, "0", key, null, Value.of("b"));
        Event delete = Event.invokeDelete(8, "bob", key);
        return History.of(List.of(
                Event.invokeRead(1, "alice", key).at(NodeId.of("A")),
                write,
                Event.ok(3, "alice", Event.Function.READ, key, Value.of(-7), Version.of(7, "A"))
                        .at(NodeId.of("A")),
                write.fail(4, "the replica \"A\" is full"),
                cas,
                Event.okCas(7, "0", key, null, Value.of("b"), false),
                delete,
                delete.info(9, null),
                Event.invokeRead(10, "alice", key)));
    }

    @Test
    void whatIsWrittenAsJsonLinesIsReadTheSame() {
        History history = everything(X);
        assertEquals(history.events(), read(write(history)).events());
    }

    @Test
    void theLinesHaveTheFormOfTheSharedHistories() {
        assertEquals(
                """
                {"time":1,"process":"alice","type":"invoke","f":"read","key":"x","node":"A"}
                {"time":2,"process":"bob","type":"invoke","f":"write","key":"x","value":{"a":[1,2.5,"é\\n"]}}
                {"time":3,"process":"alice","type":"ok","f":"read","key":"x","value":-7,"version":"7@A","node":"A"}
                """, String.join("\n", write(everything(X)).lines().toList().subList(0, 3)) + "\n");
    }

    @ParameterizedTest
    @EnumSource(EdnForm.class)
    void whatIsWrittenAsEdnIsReadTheSame(EdnForm form) {
        Key key = form == EdnForm.REGISTER ? Key.of("r") : Key.of("12");
        History history = everything(key);
        StringWriter out = new StringWriter();
        try (HistoryWriter writer = HistoryWriter.edn(out, form)) {
            writer.append(history);
        }
        List<Event> back = read(out.toString()).events();
        assertEquals(history.events().size(), back.size());
        for (int i = 0; i < back.size(); i++) {
            assertEquals(history.events().get(i), back.get(i), "line " + (i + 1) + " of " + out);
        }
    }

    @Test
    void aSingleRegisterCannotHoldAnotherKey() {
        HistoryWriter writer = HistoryWriter.edn(new StringWriter(), EdnForm.REGISTER);
        Event event = Event.invokeRead(0, "0", X);
        assertThrows(IllegalArgumentException.class, () -> writer.append(event));
    }

    @Test
    void jepsenHistoriesAreReadInEachOfTheirForms() {
        String register = """
                ; knossos
                {:process 0, :type :invoke, :f :cas, :value [0 3]}
                {:process :nemesis, :type :info, :f :start, :value nil}
                {:process 0, :type :ok, :f :cas, :value [0 3]}
                {:process 1, :type :invoke, :f :read, :value nil, :index 4}
                {:process 1, :type :fail, :f :read, :value nil, :error [:timeout "x"]}
                """;
        History history = read(register);
        assertEquals(
                List.of("0 compared r with 0 and set 3", "1 read r (failed)"),
                history.ops().stream().map(Op::words).toList());
        assertEquals(3, history.events().get(3).time(), "events without times are counted");

        History tuples = read("[#jepsen.history.Op{:process 0 :type :invoke :f :write :value [5 1] :time 7}\n"
                + " {:process 0 :type :info :f :write :value [5 1] :time 9} #_ignored]");
        assertEquals("0 wrote 5 = 1 (outcome unknown)", tuples.ops().get(0).words());
        assertEquals(7, tuples.events().get(0).time());

        History fields = read("{:process 0 :type :invoke :f :cas :key \"x\" :value [nil :a]}");
        assertEquals(
                "0 compared x with nothing and set :a (outcome unknown)",
                fields.ops().get(0).words());
    }

    private static List<String> words(String text) {
        return read(text).ops().stream().map(Op::words).toList();
    }

    @Test
    void onlyTheNemesisIsNoClient() {
        assertEquals(List.of(":a wrote r = 1"), words("""
                        {:process :a, :type :invoke, :f :write, :value 1}
                        {:process :nemesis, :type :info, :f :read, :value nil}
                        {:process :chaos, :type :info, :f :partition, :value nil}
                        {:process :a, :type :ok, :f :write, :value 1}
                        """));
    }

    @Test
    void aHistoryInSeveralVectorsIsReadToItsEnd() {
        assertEquals(
                List.of(
                        "0 wrote r = 1 (outcome unknown)",
                        "1 read r (outcome unknown)",
                        "2 wrote r = 2 (outcome unknown)"),
                words("[{:process 0 :type :invoke :f :write :value 1}]\n"
                        + "({:process 1 :type :invoke :f :read}) {:process 2 :type :invoke :f :write :value 2}"));
    }

    @Test
    void aWriteWhoseValueOnlyItsCompletionTellsWritesThat() {
        assertEquals(
                List.of("0 wrote r = 1"),
                words("{:process 0 :type :invoke :f :write :value nil}\n{:process 0 :type :ok :f :write :value 1}"));
        String common = "{\"time\":1,\"process\":\"a\",\"f\":\"write\",\"key\":\"x\",";
        assertEquals(
                List.of("a wrote x = 1"),
                words(common + "\"type\":\"invoke\"}\n" + common + "\"type\":\"ok\",\"value\":1}"));
    }

    @Test
    void aCompletionNeedNotRepeatItsTuple() {
        assertEquals(List.of("0 wrote 5 = 1", "1 read 5 (outcome unknown)"), words("""
                        {:process 0, :type :invoke, :f :write, :value [5 1]}
                        {:process 0, :type :ok, :f :write, :value nil}
                        {:process 1, :type :invoke, :f :read, :value [5 nil]}
                        {:process 1, :type :info, :f :read, :value nil}
                        """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":latency ##Inf",
                ":rate 1/3",
                ":error #\"a.*\\d\"",
                ":fn #'jepsen.core/foo",
                "#_ #_ :two #{:things}",
                "} #_ {:process 0"
            })
    void whatEdnHasAndJsonHasNotIsNoHindrance(String more) {
        assertEquals(
                List.of("0 wrote r = 1 (outcome unknown)"),
                words("{:process 0, :type :invoke, :f :write, :value 1, " + more + "}"));
    }

    @Test
    void whatNestsTooDeepIsNamed() {
        String deepest = "[".repeat(1_000) + "]".repeat(1_000);
        History taken = read("[{:process 0, :type :invoke, :f :cas, :value [5 [" + deepest + " #tagged 1]]}]");
        assertEquals(Value.parse(deepest), taken.ops().get(0).expected());
        String deep = "[".repeat(20_000) + "]".repeat(20_000);
        assertTrue(assertThrows(
                        MalformedHistoryException.class,
                        () -> read("{:process 0, :type :invoke, :f :write, :value " + deep + "}"))
                .getMessage()
                .startsWith("run.jsonl:1: elements nest more than 1006 deep; a value nests up to 1000 deep"));
        String json = "{\"time\":0,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",\"value\":";
        String message = assertThrows(MalformedHistoryException.class, () -> read(json + deep + "}"))
                .getMessage();
        assertTrue(message.startsWith("run.jsonl:1: not JSON: Document nesting depth (1004)"), message);
        assertTrue(message.endsWith("; a line is one JSON object"), message);
    }

    @Test
    void unknownFieldsAndBlankLinesArePassedOver() {
        History history = read("\n{\"index\":{\"a\":[1]},\"time\":1,\"process\":3,\"type\":\"invoke\",\"f\":\"read\","
                + "\"key\":7,\"more\":null}\n\n");
        assertEquals("3 read 7 (outcome unknown)", history.ops().get(0).words());
    }

    @Test
    void absenceAndTheJsonNullAreOne() {
        Event event = Event.invokeWrite(0, "a", X, Value.NULL);
        assertEquals(Event.invokeWrite(0, "a", X, null), event);
        assertTrue(write(History.of(List.of(event))).contains("\"value\":null"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | 2: not JSON: Unrecognized token 'nonsense'",
                "[1] | 2: a line is one JSON object with process, type, f, key and value",
                "{\"time\":1.5,\"process\":\"a\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\"} | 2: time is a whole number of nanoseconds, not 1.5",
                "{\"time\":1,\"process\":\"a\",\"f\":\"read\",\"key\":\"x\"} | 2: there is no type, in {",
                "{\"time\":1,\"process\":\"a\",\"type\":\"done\",\"f\":\"read\"} | 2: type is invoke, ok, fail or info, not \"done\"",
                "{\"time\":1,\"process\":\"a\",\"f\":\"append\"} | 2: f is read, write, cas or delete, not \"append\"",
                "{\"time\":1,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"cas\",\"key\":\"x\",\"value\":[1]} | 2: the value of a cas is [expected, new], not [1]",
                "{\"process\":\"a\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"version\":\"A7\"} | 2: a version is COUNTER@NODE, not \"A7\"",
                "{\"process\":\"a\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"version\":-1} | 2: a version that is a number is 0 or more, not -1",
                "{\"process\":\"a\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"\"} | 2: a key may not be empty",
                "{\"process\":{},\"f\":\"read\"} | 2: process is a name or a number, not {}",
                "{\"time\":1,\"process\":\"a\" | 2: not JSON: Unexpected end-of-input: expected close marker for Object (column 24); a line",
                "{\"time\":1,\"process\":\"b\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\"} | 2: process b completes a read (ok) without an invocation",
                "{\"time\":1,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",\"value\":1} | 2: process a invokes a write while its read of line 1 is still open",
                "{\"time\":1,\"process\":\"a\",\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":1} | 2: process a completes a write of x, but it began a read of x in line 1",
                "{\"time\":1,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\"} {} | 2: there is more after the object",
            })
    void aMalformedLineIsNamedWithWhatWouldBeRight(String second, String message) {
        String first = "{\"time\":0,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\"}\n";
        MalformedHistoryException error = assertThrows(MalformedHistoryException.class, () -> read(first + second));
        assertTrue(error.getMessage().startsWith("run.jsonl:" + message), error.getMessage());
        assertEquals(2, error.line());
        assertEquals("run.jsonl", error.source());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"time\":0,\"process\":\"\\ud800\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\"} | 1: a process must be",
                "{\"time\":0,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"\\ud800\"} | 1: a key must be",
                "{:process \"\\ud800\" :type :invoke :f :read :value nil} | 1: a process must be",
                "{:process 0 :type :invoke :f :read :value [\"\\ud800\" nil]} | 1: a key must be",
            })
    void halfASurrogatePairIsNoText(String text, String message) {
        MalformedHistoryException error = assertThrows(MalformedHistoryException.class, () -> read(text));
        assertTrue(error.getMessage().startsWith("run.jsonl:" + message + " valid Unicode"), error.getMessage());
    }

    @Test
    void anOperationCompletesOnce() {
        Event invoke = Event.invokeWrite(0, "a", X, Value.of(1));
        Event ok = Event.ok(1, "a", Event.Function.WRITE, X, Value.of(1), null);
        assertEquals(
                "history:3: process a completes its write twice, the first time in line 2; an operation completes once",
                assertThrows(MalformedHistoryException.class, () -> History.of(List.of(invoke, ok, ok)))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{:process 0 :type :invoke | 1: the input ends inside an element",
                "{:process 0 :type :invoke :f :read :value nil}} | 1: a } closes nothing",
                "{:process 0 :type :begin :f :read :value nil} | 1: :type is :invoke, :ok, :fail or :info, not :begin",
                "{:process 0 :type :invoke :f :add :value 1} | 1: :f is :read, :write, :cas or :delete, not :add",
                "{:type :invoke :f :read} | 1: there is no :process",
                "{:process 0 :type :invoke :f :cas :value 1} | 1: the value of a cas is [expected new], not 1",
                "[1 2] | 1: a history is maps like",
                "[{:process 0 :type :invoke :f :read :value nil}) | 1: a ) closes nothing",
                "{:process 0 :type :invoke :f :read #_} | 1: a #_ has no element after it to discard",
                "{:process 0 :type} | 1: a map needs a value for each key",
                "{:process 0 :type :invoke :f :write :value 01x} | 1: 01x is not a number",
                "{:process 0 :type :invoke :f :write :value (1 2]} | 1: a ] where the ) of line 1 is due",
                "{:process 0 :type :invoke :f :write :value \"\\q\"} | 1: a string has no escape \\q",
            })
    void malformedEdnIsNamedToo(String text, String message) {
        MalformedHistoryException error = assertThrows(MalformedHistoryException.class, () -> read(text));
        assertTrue(error.getMessage().startsWith("run.jsonl:" + message), error.getMessage());
    }

    @Test
    void whatIsNoTextIsNamedToo(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.jsonl");
        Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', '}', '\n'});
        assertEquals(
                "run.jsonl:1: here, or a little further down, are bytes that are not UTF-8; a history is text in UTF-8",
                assertThrows(MalformedHistoryException.class, () -> HistoryReader.read(file))
                        .getMessage());
    }

    @Test
    void anEdnHistoryKeepsToOneForm() {
        String text = "{:process 0 :type :invoke :f :write :value [1 2]}\n{:process 1 :type :invoke :f :read :value 1}";
        MalformedHistoryException error = assertThrows(MalformedHistoryException.class, () -> read(text));
        assertTrue(
                error.getMessage()
                        .startsWith(
                                "run.jsonl:2: this operation names no key, and the one of line 1 has [key value] for its value"),
                error.getMessage());
    }

    @Test
    void aFileIsWrittenEventByEvent(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.jsonl");
        History history = everything(X);
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            writer.append(history.events().get(0));
            writer.flush();
            assertEquals(1, Files.readAllLines(file).size());
            history.events().subList(1, history.events().size()).forEach(writer::append);
        }
        assertEquals(history.events(), HistoryReader.read(file).events());
    }

    @Test
    void aFileThatIsBeingWrittenIsNotEmptiedByAnother(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("run.jsonl");
        List<Event> events = everything(X).events();
        try (HistoryWriter writer = HistoryWriter.jsonLines(file)) {
            writer.append(events.get(0));
            writer.flush();
            String refusal = assertThrows(UncheckedIOException.class, () -> HistoryWriter.jsonLines(file))
                    .getMessage();
            assertTrue(refusal.contains(file + ": it is in use"), refusal);
            assertEquals(1, Files.readAllLines(file).size());
        }
        HistoryWriter.jsonLines(file).close();
        assertEquals(0, Files.size(file));
    }

    @Test
    void halfASurrogatePairInAValueIsReadBackFromEachForm(@TempDir Path folder) throws IOException {
        Value half = Value.parse("[\"half \\ud800\",\"\\udc00😀\"]");
        History history = History.of(List.of(Event.invokeWrite(0, "a", X, half)));
        Path json = folder.resolve("run.jsonl");
        Path edn = folder.resolve("run.edn");
        try (HistoryWriter lines = HistoryWriter.jsonLines(json);
                HistoryWriter maps = HistoryWriter.edn(edn, EdnForm.KEY_FIELD)) {
            lines.append(history);
            maps.append(history);
        }
        assertEquals(history.events(), HistoryReader.read(json).events());
        assertEquals(history.events(), HistoryReader.read(edn).events());
    }

    @Test
    void whatAStoreTakesCanBeReadBack() throws IOException {
        for (String value : List.of(
                "9".repeat(2_000), "\"" + "x".repeat(21_000_000) + "\"", "[".repeat(1_000) + "]".repeat(1_000))) {
            Value taken = Value.parse(value);
            Event event =
                    new Event(1, "p", Event.Type.INVOKE, Event.Function.WRITE, X, taken, null, null, null, null, null);
            StringWriter out = new StringWriter();
            try (HistoryWriter writer = HistoryWriter.jsonLines(out)) {
                writer.append(event);
            }
            assertEquals(taken, read(out.toString()).events().get(0).value());
            StringWriter edn = new StringWriter();
            try (HistoryWriter writer = HistoryWriter.edn(edn, EdnForm.TUPLE)) {
                writer.append(event);
            }
            assertEquals(taken, read(edn.toString()).events().get(0).value());
        }
    }
}
