package io.orrery.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkRuleTest {
    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void aChanceIsBetween0And1(double chance) {
        assertEquals(
                "loss is a chance between 0 and 1, not " + chance,
                assertThrows(IllegalArgumentException.class, () -> LinkChange.loss(chance))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new LinkRule(Delay.NONE, 0, chance, false));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LinkChange(Optional.empty(), Optional.empty(), Optional.of(chance), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "5..3", "1..", "a few", "", "100001", "1..99999999999"})
    void aRunOfLossesHasALength(String text) {
        assertThrows(IllegalArgumentException.class, () -> LossRun.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "5", "3..20", "1..100000"})
    void aRunOfLossesIsWrittenAsItIsRead(String text) {
        assertEquals(text, LossRun.parse(text).toString());
    }

    @Test
    void aChangeLeavesWhatItDoesNotNameAsItIs() {
        LinkRule rule = new LinkRule(Delay.parse("5ms"), 0.1, 0.2, true);
        assertEquals(rule, LinkChange.NOTHING.applyTo(rule));
        assertEquals(
                new LinkRule(Delay.parse("5ms"), 0.3, 0.2, true),
                LinkChange.loss(0.3).applyTo(rule));
        assertEquals(rule.withDelay(Delay.NONE), LinkChange.delay(Delay.NONE).applyTo(rule));
        assertEquals(rule, LinkChange.CUT.applyTo(rule.withCut(false)));
    }

    @Test
    void aChangeToARuleMakesAnyRuleThatOne() {
        LinkRule rule = new LinkRule(Delay.parse("1ms..2ms"), 0.5, 1, false);
        assertEquals(rule, LinkChange.to(rule).applyTo(LinkRule.PERFECT.withCut(true)));
        assertEquals(rule, LinkChange.to(rule).applyTo(rule.withRuns(LossRun.parse("3..5"))));
    }
}
