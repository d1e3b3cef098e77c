package io.orrery.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** "Links need a way to slow one key or one kind of message." */
class LinkRulesTest {
    private static final Selector KEY_Y = Selector.key(Key.of("y"));
    private static final Selector UPDATES = Selector.kind("update");
    private static final Selector UPDATES_OF_Y = new Selector(Optional.of(Key.of("y")), Optional.of("update"));

    private final LinkRules rules = new LinkRules(new LinkRule(Delay.parse("1ms"), 0.1, 0, false));

    private record Note(String kind, Optional<Key> key) implements Message {
        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {}
    }

    private static Message update(String key) {
        return new Note("update", Optional.of(Key.of(key)));
    }

    private static final Message DIGEST = new Note("digest", Optional.empty());

    private static LinkChange delay(String delay) {
        return LinkChange.delay(Delay.parse(delay));
    }

    private static String delay(LinkRules rules, Message message) {
        return rules.of(message).delay().toString();
    }

    @Test
    void withoutSpecialRulesTheGeneralOneIsForAll() {
        assertSame(rules.general(), rules.of(update("y")));
        assertSame(rules.general(), rules.of(DIGEST));
    }

    @Test
    void oneKeyCanBeSlowedAlone() {
        LinkRules slow = rules.with(KEY_Y, delay("5s"));
        assertEquals("5s", delay(slow, update("y")));
        assertEquals("1ms", delay(slow, update("x")));
        assertEquals("1ms", delay(slow, DIGEST));
        assertEquals(0.1, slow.of(update("y")).loss(), "what the special rule does not name stays general");
    }

    @Test
    void oneKindCanBeSlowedAlone() {
        LinkRules slow = rules.with(Selector.kind("digest"), delay("5s"));
        assertEquals("1ms", delay(slow, update("y")));
        assertEquals("5s", delay(slow, DIGEST));
    }

    @Test
    void theMoreSpecialRuleDecidesInWhateverOrderTheyCame() {
        List<LinkRules> both = List.of(
                rules.with(UPDATES, delay("2s")).with(KEY_Y, delay("3s")).with(UPDATES_OF_Y, delay("4s")),
                rules.with(UPDATES_OF_Y, delay("4s")).with(KEY_Y, delay("3s")).with(UPDATES, delay("2s")));
        for (LinkRules each : both) {
            assertEquals("4s", delay(each, update("y")), "kind and key");
            assertEquals("3s", delay(each, new Note("other", Optional.of(Key.of("y")))), "the key alone");
            assertEquals("2s", delay(each, update("x")), "the kind alone");
            assertEquals("1ms", delay(each, DIGEST));
            assertEquals(
                    List.of("key y, kind update", "key y", "kind update"),
                    each.special().keySet().stream().map(Selector::toString).toList());
        }
        assertEquals(
                "3s",
                delay(rules.with(UPDATES, delay("2s")).with(KEY_Y, delay("3s")), update("y")),
                "a key is more special than a kind");
    }

    @Test
    void changesOfOneSelectorMergeAndEachDecidesWhatItNames() {
        LinkRules changed =
                rules.with(KEY_Y, delay("5s")).with(KEY_Y, LinkChange.loss(0.5)).with(UPDATES, LinkChange.CUT);
        assertEquals(new LinkRule(Delay.parse("5s"), 0.5, 0, true), changed.of(update("y")));
        LinkRules general = changed.with(Selector.ALL, delay("7s"));
        assertEquals("7s", delay(general, update("x")));
        assertEquals("5s", delay(general, update("y")), "a later change of all messages is general all the same");
    }

    @Test
    void aMessageMayBeLetThroughACut() {
        LinkChange pass = new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        LinkRules open = rules.with(Selector.ALL, LinkChange.CUT).with(KEY_Y, pass);
        assertEquals(false, open.of(update("y")).cut());
        assertEquals(true, open.of(update("x")).cut());
        assertEquals(Set.of(Selector.ALL), open.cuts());
    }

    @Test
    void healingEndsCutsAndForgetsRulesThatSaidNothingElse() {
        LinkRules healed = rules.with(Selector.ALL, LinkChange.CUT)
                .with(KEY_Y, LinkChange.CUT)
                .with(UPDATES, LinkChange.CUT)
                .with(UPDATES, delay("2s"))
                .healed();
        assertEquals(Set.of(), healed.cuts());
        assertEquals(Set.of(UPDATES), healed.special().keySet());
        assertEquals("2s", delay(healed, update("y")));
        assertEquals("1ms", delay(healed, DIGEST));
    }
}
