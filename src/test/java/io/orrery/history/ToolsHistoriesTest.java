package io.orrery.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Value;
import io.orrery.model.Version;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories as other tools write them: Clojure's forms, types, keys, transactions, and JSON that is no JSON lines. */
class ToolsHistoriesTest {
    private static History read(String text) {
        try {
            return HistoryReader.read(new StringReader(text), "run");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> words(String text) {
        return read(text).ops().stream().map(Op::words).toList();
    }

    private static String refusal(String text) {
        return assertThrows(MalformedHistoryException.class, () -> read(text)).getMessage();
    }

    /** The value that a write of this EDN writes. */
    private static Value edn(String value) {
        return read("{:process 0, :type :invoke, :f :write, :key 0, :value " + value + "}")
                .ops()
                .get(0)
                .value();
    }

    private static Value json(String value) {
        return read("{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":0,\"value\":" + value + "}")
                .ops()
                .get(0)
                .value();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#object[X 0x4c1d \"…\"]",
                "#object[clojure.core$future_call$reify__8459 0x4c1d9d4b {:status :ready, :val 1}]",
                "#<ExceptionInfo clojure.lang.ExceptionInfo: throw+: {:a -> 1}>",
                "#error {:cause \"x\" :via [{:type java.lang.Exception :at [a.b$c invoke \"c.clj\" 1]}]}",
                "#inst \"2020-01-01T00:00:00.000-00:00\"",
                "#:jepsen{:a 1 :_/b 2}",
                "#jepsen.history.Op{:index 1}",
                "^{:line 1} [1]",
                "^:private x",
                "0777",
                "0x1F",
                "2r101",
                "36rZz",
                "-0x10N",
                "1.",
                "01.5",
                "1e3M",
                "1/3",
                "1/0",
                "08",
                "01x",
                "##-Inf",
                "##NaN",
                "\\(",
                "\\\"",
                "\\;",
                "\\newline",
                "\\u0041",
                "\\o101",
                "[\\a\\b\\[]",
                "'quoted",
                "@deref",
                "#'a/b",
                "#\"a\\\"b[\"",
                "<=>",
                "a.b/c#",
                "%1",
                "\"\\101\\0\"",
                "\"a \\q\"",
                "nil"
            })
    void aFieldThatNobodyNeedsNeverRefusesAFile(String any) {
        List<String> one = List.of("0 wrote r = 1");
        assertEquals(
                one,
                words("{:process 0, :type :invoke, :f :write, :value 1, :more " + any + ", :error " + any
                        + "}\n{:process :nemesis, :type " + any + ", :f " + any + ", :value " + any + ", :time " + any
                        + ", :version " + any + "}\n{:more " + any
                        + " :process 0, :type :ok, :f :write, :value 1, :result " + any + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "{\"a\":[1]}",
                "\"\\ud800\"",
                "true",
                "null",
                "-1",
                "\"\"",
                "[[]]",
                "NaN",
                "-Infinity",
                "{\"a\":1,\"a\":2}"
            })
    void inJsonTooAFieldThatNobodyNeedsNeverRefusesAFile(String any) {
        String write = "\"process\":\"a\",\"f\":\"write\",\"key\":\"x\",\"value\":1,";
        assertEquals(
                List.of("a wrote x = 1"),
                words("{" + write + "\"type\":\"invoke\",\"error\":" + any
                        + ",\"result\":" + any + "}\n"
                        + "{\"process\":\"nemesis\",\"type\":" + any + ",\"f\":\"start\",\"time\":" + any + ",\"key\":"
                        + any
                        + ",\"version\":" + any + ",\"node\":" + any + "}\n"
                        + "{" + write + "\"type\":\"ok\",\"error\":" + any + "}"));
    }

    @Test
    void aNodeMayHaveAnyName() {
        String common = "{\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\",\"node\":\"n 1:80";
        List<Op> ops = read(common + "\"}\n" + common.replace("\"a\"", "\"b\"") + "00\"}")
                .ops();
        assertNotEquals(ops.get(0).node(), ops.get(1).node());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                ":a | \"a\"",
                ":a | a",
                ":a | \\a",
                "\"a\" | a",
                "\"a\" | \\a",
                "a | \\a",
                "1 | 1.0",
                "1 | \"1\"",
                "1.5 | 1.5M",
                "nil | :nil",
                "true | \"true\"",
                "#{1 2} | [1 2]",
                "{:a 1} | {\"a\" 1}",
                "[[1 2]] | {1 2}",
                "#inst \"x\" | \"x\"",
                "#inst \"x\" | #uuid \"x\"",
                "#\"x\" | \"x\"",
                "1/2 | \"1/2\"",
                "##Inf | \"##Inf\"",
                "{\"edn\" \":a\"} | :a",
                "{\"edn\" \"1/2\"} | 1/2",
                "[1 [2]] | [[1] 2]",
                "\"\\u00e9\" | \"e\"",
            })
    void typesAreKept(String one, String other) {
        assertNotEquals(edn(one), edn(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{:a 1 :b 2} | {:b 2, :a 1}",
                "{\"a\" 1 \"b\" 2} | {\"b\" 2, \"a\" 1}",
                "[{1 {:x 1 :y 2}}] | [{1 {:y 2 :x 1}}]",
                "#{1 :a \"b\"} | #{\"b\" 1 :a}",
                "{#{1 2} 1} | {#{2 1} 1}",
                "2/4 | 1/2",
                "-6/4 | -3/2",
                "4/2 | 2",
                "0777 | 511",
                "2r101 | 5",
                "0xFF | 255",
                "+7 | 7",
                "-0 | 0",
                "7N | 7",
                "1.50 | 1.5",
                "1e2 | 100.0",
                "1. | 1.0",
                "0.015e1 | 15E-2",
                "-0.0 | 0.0",
                "1.50M | 1.5M",
                "(1 2) | [1 2]",
                "\\u0041 | \\A",
                "\\o101 | \\A",
                "\"\\101\" | \"A\"",
                "\"\\u00e9\" | \"é\"",
                "#:a{:b 1 c 2 \"d\" 3 :_/e 4} | {:a/b 1 a/c 2 \"d\" 3 :e 4}",
                "^:meta [1] | [1]",
                "#inst  \"x\" | #inst \"x\"",
            })
    void whatClojureTakesForEqualIsEqual(String one, String other) {
        assertEquals(edn(one), edn(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":{\"d\":3,\"c\":2}} | {\"b\":{\"c\":2,\"d\":3},\"a\":1}",
                "\"\\u00e9\" | \"é\"",
                "{\"\\u00e9\":1} | {\"é\":1}",
                "[1.50,\"\\/\"] | [1.5,\"/\"]",
                "1e2 | 100.0",
                "1E400 | 10e399",
                "-0 | 0",
            })
    void inJsonSpellingMakesNoValue(String one, String other) {
        assertEquals(json(one), json(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"1 | 1.0", "1 | \"1\"", "[1,2] | [2,1]", "{\"a\":1} | {\"a\":1.0}", "1e400 | 1e401"})
    void inJsonTooTypesAreKept(String one, String other) {
        assertNotEquals(json(one), json(other));
    }

    @Test
    void whatOnlyEdnHasIsShownAsEdnAndWrittenBack() throws IOException {
        assertEquals(
                "0 wrote 0 = {:a 1/2, :b #{\"x\" y}} (outcome unknown)",
                read("{:process 0, :type :invoke, :f :write, :key 0, :value {:b #{y \"x\"} :a 2/4}}")
                        .ops()
                        .get(0)
                        .words());
        for (String value : List.of(":a", "[:a \"a\" a \\a]", "#{1}", "{\"edn\" \":a\"}", "#inst \"x\"", "##NaN")) {
            History history = read("{:process 0, :type :invoke, :f :write, :key 0, :value " + value + "}");
            StringWriter out = new StringWriter();
            try (HistoryWriter writer = HistoryWriter.edn(out, EdnForm.KEY_FIELD)) {
                writer.append(history);
            }
            assertEquals(history.events(), read(out.toString()).events(), out.toString());
            StringWriter lines = new StringWriter();
            try (HistoryWriter writer = HistoryWriter.jsonLines(lines)) {
                writer.append(history);
            }
            assertEquals(history.events(), read(lines.toString()).events(), lines.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[:a \"\u001b[2J\"]", "[:a \"\\u001b\"]", "\\\u001b", "\\u001b"})
    void noControlCharacterIsShownRaw(String value) {
        String shown = words("{:process 0, :type :invoke, :f :write, :value " + value + " :key 0}")
                .get(0);
        assertEquals(-1, shown.indexOf('\u001b'), shown);
        assertTrue(shown.contains("\\u001b"), shown);
    }

    @Test
    void keysAndProcessesOfTwoTypesAreTwo() {
        History edn = read("""
                {:process 0, :type :invoke, :f :write, :value [1 :x]}
                {:process "0", :type :invoke, :f :write, :value ["1" :x]}
                {:process :0, :type :invoke, :f :write, :value [:1 :x]}
                """);
        assertEquals(3, edn.ops().stream().map(Op::key).distinct().count());
        assertEquals(3, edn.ops().stream().map(Op::process).distinct().count());
        assertEquals("0 wrote 1 = :x (outcome unknown)", edn.ops().get(0).words());
        History json = read("""
                {"process":0,"type":"invoke","f":"read","key":1}
                {"process":"0","type":"invoke","f":"read","key":"1"}
                {"process":"b","type":"invoke","f":"read","key":"1"}
                """);
        assertEquals(2, json.ops().stream().map(Op::key).distinct().count());
        assertEquals(3, json.ops().stream().map(Op::process).distinct().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{:process 1, :type :invoke, :f :read, :value [[:r 1 nil] [:r 2 nil]]}",
                "{:process 1, :type :invoke, :f :write, :value [[:w 1 1]]}",
                "{:process 1, :type :invoke, :f :txn, :value [[:append 1 1] [:r 2 nil] [:w 3 3]]}",
                "{:process 1, :type :invoke, :f :txn, :value nil}",
                "{\"process\":1,\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"r\",1,null]]}",
                "{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"value\":[[\"w\",1,2],[\"w\",2,2]]}",
            })
    void aTransactionIsRefusedAsSuch(String text) {
        String message = refusal(text);
        assertTrue(message.startsWith("run:1: this is a transaction"), message);
        assertTrue(message.contains(text), message);
        assertTrue(message.contains("; an operation looks like {"), message);
    }

    @Test
    void aValueOfARegisterMayLookLikeATransaction() {
        assertEquals(
                List.of("0 wrote x = [[\"r\",1,null]] (outcome unknown)"),
                words("{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",\"value\":[[\"r\",1,null]]}"));
    }

    @Test
    void aRefusalShowsTheOperationAndWhatOneLooksLike() {
        assertEquals(
                "run:1: :f is :read, :write, :cas or :delete, not :add, in {:process 0, :type :invoke, :f :add, :value 1}; "
                        + "an operation looks like {:process 0, :type :invoke, :f :write, :value 1}",
                refusal("{:type :invoke, :more 1, :process 0 :f :add :value 1}"));
        assertEquals(
                "run:1: f is read, write, cas or delete, not \"add\", in {\"process\":0,\"type\":\"invoke\",\"f\":\"add\"}; "
                        + "an operation looks like {\"process\":\"alice\",\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\","
                        + "\"value\":1}",
                refusal("{\"process\":0,\"type\":\"invoke\",\"f\":\"add\",\"more\":1}"));
        String mixed = refusal("{:process 0 :type :invoke :f :write :value [1 2]}\n"
                + "{:process 1 :type :invoke :f :read :value nil}");
        assertTrue(
                mixed.startsWith(
                        "run:2: this operation names no key, and the one of line 1 has [key value] for its value"
                                + "; a history keeps to one way, in {:process 1, "),
                mixed);
    }

    @Test
    void aCasMayNameItsKeyFirst() {
        assertEquals(
                List.of("0 compared x with 1 and set 2", "0 compared y with 3 and set 4 (outcome unknown)"),
                words("""
                {:process 0, :type :invoke, :f :cas, :value ["x" 1 2]}
                {:process 0, :type :ok, :f :cas, :value ["x" 1 2]}
                {:process 0, :type :invoke, :f :cas, :value ["y" [3 4]]}
                """));
    }

    @Test
    void aRegisterWhoseReadsNameNothingMayHoldPairs() {
        assertEquals(List.of("0 read r = [1,2]", "1 wrote r = [1,2] (outcome unknown)"), words("""
                {:process 0, :type :invoke, :f :read, :value nil}
                {:process 1, :type :invoke, :f :write, :value [1 2]}
                {:process 0, :type :ok, :f :read, :value [1 2]}
                """));
    }

    @Test
    void aSetIsNoTuple() {
        assertEquals(
                List.of("0 wrote r = #{1 2} (outcome unknown)"),
                words("{:process 0, :type :invoke, :f :write, :value #{1 2}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "  "})
    void aJsonArrayIsReadWhereverItsLinesEnd(String between) {
        String text =
                ("[%s{\"time\":0,\"process\":\"a\",\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",%s\"value\":{\"b\":[1,%s2]}}"
                                + ",%s{\"time\":5,\"process\":\"a\",\"type\":\"ok\",\"f\":\"write\",\"key\":\"x\",\"value\":{\"b\":[1,2]}}%s]%s")
                        .replace("%s", between);
        assertEquals(List.of("a wrote x = {\"b\":[1,2]}"), words(text));
        assertEquals(List.of(), words("[" + between + "]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"process\":\"a\",\"f\":\"read\"},~ 7] | 1: there is no type",
                "[{\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\"},~ 7] | 2: an array holds JSON objects",
                "[{\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\"},~ | 2: not JSON",
                "[{\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\"}]~7 | 2: there is more after the array",
            })
    void aMalformedArrayIsNamedWithItsLine(String text, String message) {
        String refusal = refusal(text.replace('~', '\n'));
        assertTrue(refusal.startsWith("run:" + message), refusal);
    }

    @Test
    void jsonLinesNeedNoTimeAndNoKey() {
        History history = read("""
                {"process":"a","type":"invoke","f":"write","value":1}
                {"process":"a","type":"ok","f":"write","value":1}
                """);
        assertEquals(
                List.of("a wrote r = 1"), history.ops().stream().map(Op::words).toList());
        assertEquals(1, history.events().get(1).time());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"7\""})
    void aVersionMayBeANumber(String version) {
        Op op = read("{\"process\":\"a\",\"type\":\"invoke\",\"f\":\"read\",\"key\":\"x\"}\n"
                        + "{\"process\":\"a\",\"type\":\"ok\",\"f\":\"read\",\"key\":\"x\",\"value\":1,\"version\":"
                        + version
                        + "}")
                .ops()
                .get(0);
        assertEquals("a read x = 1 at version 7", op.words());
        Version seven = op.version();
        assertTrue(
                seven.compareTo(read("{:process 0 :type :invoke :f :read}\n{:process 0 :type :ok :f :read :version 0}")
                                .ops()
                                .get(0)
                                .version())
                        > 0);
        StringWriter lines = new StringWriter();
        try (HistoryWriter writer = HistoryWriter.jsonLines(lines)) {
            writer.append(History.of(List.of(
                    Event.invokeRead(0, "b", op.key()), Event.ok(1, "b", Event.Function.READ, op.key(), null, seven))));
        }
        assertEquals(seven, read(lines.toString()).ops().get(0).version());
    }

    @Test
    void aProcessThatGoesOnAfterItsInfoCountsAsANewOne() {
        History history = read("""
                {:process 0, :type :invoke, :f :write, :value 1}
                {:process 0, :type :info, :f :write, :value 1}
                {:process 0, :type :invoke, :f :write, :value 2}
                {:process 0, :type :info, :f :write, :value 2}
                {:process 0, :type :invoke, :f :read, :value nil}
                {:process 0, :type :ok, :f :read, :value 1}
                """);
        assertEquals(
                List.of("0 wrote r = 1 (outcome unknown)", "0/2 wrote r = 2 (outcome unknown)", "0/3 read r = 1"),
                history.ops().stream().map(Op::words).toList());
        assertEquals(Op.NEVER, history.ops().get(0).completedAt());
        assertEquals(
                List.of("run:3: process 0 goes on after its info of line 2; that operation stays open to the end, and"
                        + " its operations from here on count as another process, 0/2 (the first of 2 times)"),
                history.warnings());
    }

    @Test
    void aNameThatSomebodyElseHasIsNotGivenAgain() {
        History history = read("""
                {:process "a/2", :type :invoke, :f :write, :value 1}
                {:process "a", :type :invoke, :f :write, :value 1}
                {:process "a", :type :info, :f :write, :value 1}
                {:process "a", :type :invoke, :f :write, :value 2}
                """);
        assertEquals(3, history.ops().stream().map(Op::process).distinct().count());
    }
}
