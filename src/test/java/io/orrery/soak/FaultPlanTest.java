package io.orrery.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId C = NodeId.of("C");
    private static final List<NodeId> IDS = List.of(A, NodeId.of("B"), C);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final List<FaultKind> ALL = List.of(FaultKind.values());

    private static List<PlannedFault> plan(long seed, int rounds) {
        FaultPlan faultPlan = new FaultPlan(seed, ALL, new FaultPlan.Setting(IDS, A, Optional.of(C), LONGEST));
        return Stream.generate(faultPlan::next).limit(rounds).toList();
    }

    /** As text, so that a plan that someone has written down stays what it is. */
    @Test
    void theSameSeedGivesTheSamePlan() {
        assertEquals(plan(5, 100), plan(5, 100));
        assertNotEquals(plan(5, 100), plan(6, 100));
        FaultPlan two = new FaultPlan(
                1,
                List.of(FaultKind.CUT, FaultKind.CLOCK),
                new FaultPlan.Setting(IDS, A, Optional.empty(), Duration.ofSeconds(2)));
        assertEquals(
                List.of(
                        "clock of A moves by -3600s for 1.638s",
                        "cut B -> C for 1.254s",
                        "clock of A moves by -3600s for 1.152s, and its disk is lost",
                        "cut all links of A for 1.123s"),
                Stream.generate(two::next).limit(4).map(PlannedFault::toString).toList());
    }

    @Test
    void eachKindHasItsTurnBeforeAnyComesAgain() {
        List<PlannedFault> rounds = plan(1, 3 * ALL.size());
        for (int turn = 0; turn < 3; turn++) {
            Set<FaultKind> kinds = rounds.subList(turn * ALL.size(), (turn + 1) * ALL.size()).stream()
                    .map(PlannedFault::kind)
                    .collect(Collectors.toSet());
            assertEquals(EnumSet.allOf(FaultKind.class), kinds);
        }
        assertNotEquals(
                rounds.subList(0, ALL.size()).stream().map(PlannedFault::kind).toList(),
                rounds.subList(ALL.size(), 2 * ALL.size()).stream()
                        .map(PlannedFault::kind)
                        .toList());
    }

    @Test
    void whatIsDrawnIsWithinItsBounds() {
        NodeId leader = A;
        for (PlannedFault fault : plan(3, 1_000)) {
            assertTrue(fault.lasts().compareTo(LONGEST.dividedBy(5)) >= 0, fault::toString);
            assertTrue(fault.lasts().compareTo(LONGEST) <= 0, fault::toString);
            assertNotEquals(Optional.of(fault.replica()), fault.peer());
            switch (fault.kind()) {
                case LEADER -> {
                    assertNotEquals(leader, fault.replica(), "a change is to another");
                    leader = fault.replica();
                }
                case DISK_FULL -> assertEquals(C, fault.replica(), "the one whose disk is small");
                case DELAY ->
                    assertTrue(fault.amount().compareTo(Duration.ofSeconds(1)) <= 0
                            && !fault.amount().isZero());
                case CLOCK -> assertNotEquals(Duration.ZERO, fault.amount());
                default -> assertEquals(Duration.ZERO, fault.amount());
            }
        }
    }
}
