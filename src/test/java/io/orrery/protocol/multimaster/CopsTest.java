package io.orrery.protocol.multimaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Outcome;
import io.orrery.protocol.Message;
import io.orrery.testkit.protocol.SteppedReplica;
import io.orrery.testkit.protocol.SteppedReplica.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lloyd et al., SOSP 2011 (COPS); the lab "Causal consistency with clients". */
class CopsTest {
    private static final String[] SERVERS = {"1", "2", "3"};

    private final SteppedReplica one = new SteppedReplica(Cops.TYPE, "1", SERVERS);
    private final SteppedReplica two = new SteppedReplica(Cops.TYPE, "2", SERVERS);
    private final SteppedReplica three = new SteppedReplica(Cops.TYPE, "3", SERVERS);

    {
        SteppedReplica.greet(one, two, three);
    }

    /** "Server 3 must not show z before y." */
    @Test
    void nobodyIsGladBeforeTheRingIsFound() {
        Asked lost = one.put("", "x", "lost");
        Message x = one.lastUpdate();
        one.put(lost.done().session(), "y", "found");
        Message y = one.lastUpdate();
        two.take(one.id(), x);
        two.take(one.id(), y);
        Asked read = two.get("", "y");
        two.put(read.done().session(), "z", "glad");
        Message z = two.lastUpdate();

        three.take(one.id(), x);
        three.take(two.id(), z);
        assertEquals("\"lost\"", three.shown("x"));
        assertEquals("", three.shown("z"));
        assertEquals(List.of("z waits for y at 2@1"), three.buffered());
        three.take(one.id(), y);
        assertEquals(List.of("x = \"lost\"", "y = \"found\"", "z = \"glad\""), three.applied());
    }

    /** Section 4.1: only the nearest dependencies travel; what those depend on need not be named. */
    @Test
    void aWriteNamesWhatItsClientSawSinceItsLastWriteAndThatWrite() {
        String session = one.put("", "a", "1").done().session();
        session = one.get(session, "a").done().session();
        session = one.put(session, "b", "2").done().session();
        assertEquals("update b = \"2\" 2@1 after a at 1@1", one.lastUpdate().toString());
        session = one.put(session, "c", "3").done().session();
        assertEquals("update c = \"3\" 3@1 after b at 2@1", one.lastUpdate().toString());
        session = one.get(session, "a").done().session();
        session = one.get(session, "none").done().session();
        one.put(session, "d", "4");
        assertEquals(
                "update d = \"4\" 4@1 after c at 3@1, a at 1@1",
                one.lastUpdate().toString());
        one.put("", "e", "5");
        assertEquals("update e = \"5\" 5@1", one.lastUpdate().toString(), "a stranger has seen nothing");
    }

    /** Of two concurrent writes the later one knows nothing of what the other depends on. */
    @Test
    void aLaterVersionDoesNotStandForADependency() {
        String session = one.put("", "x", "1").done().session();
        Message x1 = one.lastUpdate();
        one.put(session, "y", "2");
        Message y = one.lastUpdate();
        two.write("other", "0");
        Message x2 = two.write("x", "later");
        three.take(one.id(), y);
        three.take(two.id(), x2);
        assertEquals("\"later\"", three.shown("x"));
        assertEquals("", three.shown("y"));
        three.take(one.id(), x1);
        assertEquals("\"later\"", three.shown("x"), "passed over");
        assertEquals("\"2\"", three.shown("y"));
    }

    @Test
    void aSessionThatHasSeenTwoConcurrentVersionsDependsOnBoth() {
        one.put("", "x", "1");
        two.write("other", "0");
        String session = one.get("", "x").done().session();
        one.take(two.id(), two.write("x", "later"));
        session = one.get(session, "x").done().session();
        one.put(session, "y", "2");
        assertEquals(
                "update y = \"2\" 4@1 after x at 1@1, x at 2@2",
                one.lastUpdate().toString());
    }

    @Test
    void whatAWriteDependsOnNeedNotBeNamedBesideIt() {
        String session = one.put("", "x", "1").done().session();
        String reader = one.get("", "x").done().session();
        session = one.put(session, "x", "2").done().session();
        reader = one.get(reader, "x").done().session();
        one.put(reader, "y", "3");
        assertEquals("update y = \"3\" 3@1 after x at 2@1", one.lastUpdate().toString());
    }

    @Test
    void aClientThatMovesWaitsForItsOwnWritesAndDoesNotGoBackInTime() {
        Asked put = one.put("", "x", "lost");
        Message x = one.lastUpdate();
        Asked moved = three.get(put.done().session(), "x");
        Asked unrelated = three.get(put.done().session(), "other");
        assertFalse(moved.isAnswered());
        assertFalse(unrelated.isAnswered(), "the session as a whole comes first");
        assertEquals(Outcome.Status.APPLIED, three.get("", "x").done().status(), "a stranger does not wait");
        three.take(one.id(), x);
        assertEquals("\"lost\"", moved.done().value().orElseThrow().json());
        assertTrue(unrelated.isAnswered());
    }

    /** Past the deadline nobody knows: what had not begun by then is not begun any more. */
    @Test
    void whoHasGivenUpIsNotAnsweredAndItsWriteIsNotMade() {
        Asked put = one.put("", "x", "lost");
        Message x = one.lastUpdate();
        Asked waiting = three.put(put.done().session(), "x", "found");
        waiting.giveUp();
        three.take(one.id(), x);
        assertFalse(waiting.isAnswered());
        assertEquals("\"lost\"", three.shown("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"garbage", "x", "x:", "x:1", "x:0@1", "x:1@", ":1@1", "x:1@1,", "%zz:1@1", "x:one@1", "x:1@9:1"})
    void aSessionTokenThatIsNoneIsRefused(String token) {
        Outcome.Refused refused =
                assertInstanceOf(Outcome.Refused.class, one.get(token, "x").outcome());
        assertEquals(Outcome.Reason.INVALID, refused.reason());
        assertEquals("not a session token of this store: \"" + token + "\"", refused.detail());
    }

    @Test
    void keysOfAnyLettersTravelInTheToken() {
        String session = one.put("", "a:b, c@d%é", "1").done().session();
        assertTrue(session.chars().allMatch(c -> c > ' ' && c < 127), session);
        assertEquals(
                "\"1\"",
                one.get(session, "a:b, c@d%é").done().value().orElseThrow().json());
    }

    /** Section 5.2: what every server has nobody needs to wait for. */
    @Test
    void aLongSessionLetsGoOfWhatEveryServerHas() {
        List<Message> updates = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            updates.add(one.write("k" + i, "v"));
        }
        updates.forEach(update -> two.take(one.id(), update));
        assertEquals(40, readAll(two).split(",").length, "server 3 does not have them, as far as 2 knows");

        updates.forEach(update -> three.take(one.id(), update));
        for (SteppedReplica server : List.of(one, three)) {
            server.fire("ANTI_ENTROPY");
            server.deliver("digest", two);
        }
        assertTrue(readAll(two).split(",").length <= 32);
    }

    /** A token travels in a header, whose length is limited. */
    @Test
    void aSessionOfLongKeysLetsGoOfWhatEveryServerHasToo() {
        List<String> keys =
                IntStream.range(0, 12).mapToObj(i -> i + "k".repeat(1_000)).toList();
        List<Message> updates = keys.stream().map(key -> one.write(key, "v")).toList();
        updates.forEach(update -> two.take(one.id(), update));
        String session = "";
        for (String key : keys) {
            session = two.get(session, key).done().session();
        }
        assertEquals(12, session.split(",").length, "server 3 does not have them, as far as 2 knows");

        updates.forEach(update -> three.take(one.id(), update));
        for (SteppedReplica server : List.of(one, three)) {
            server.fire("ANTI_ENTROPY");
            server.deliver("digest", two);
        }
        assertTrue(two.get(session, keys.get(0)).done().session().length() <= Cops.LONG_TOKEN, "what was read before");
        assertTrue(two.get(session, "none").done().session().length() <= Cops.LONG_TOKEN, "what there is not");
        Asked later = two.get(session, keys.get(0));
        two.put(later.done().session(), "y", "w");
        assertFalse(two.lastUpdate().toString().contains("kkk"), "nobody waits for what all have");
    }

    private static String readAll(SteppedReplica server) {
        String session = "";
        for (int i = 0; i < 40; i++) {
            session = server.get(session, "k" + i).done().session();
        }
        return session;
    }
}
