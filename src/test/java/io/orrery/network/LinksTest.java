package io.orrery.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.network.Fault.ChangeLinks;
import io.orrery.network.Fault.Heal;
import io.orrery.network.Fault.Isolate;
import io.orrery.network.Fault.Partition;
import io.orrery.network.LinkObserver.Loss;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** DESIGN section 4: what a link does to messages, and what faults do to links. */
class LinksTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final NodeId C = NodeId.of("C");
    private static final NodeId D = NodeId.of("D");

    private record Note(int number, long bytes) implements Message {
        Note(int number) {
            this(number, 0);
        }

        @Override
        public String kind() {
            return "note";
        }

        @Override
        public void check(NodeId by, PlausibilityCheck plausibilityCheck) {}
    }

    private record Task(long at, long sequence, Runnable action) {}

    /** A time that passes only when it is told to. */
    private static final class FakeTime implements DelayScheduler {
        private final PriorityQueue<Task> tasks =
                new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::sequence));
        private long now;
        private long sequence;

        @Override
        public void after(long nanos, Runnable task) {
            tasks.add(new Task(now + nanos, sequence++, task));
        }

        void passMillis(long millis) {
            long until = now + millis * 1_000_000;
            while (!tasks.isEmpty() && tasks.peek().at() <= until) {
                Task task = tasks.poll();
                now = task.at();
                task.action().run();
            }
            now = until;
        }
    }

    private final FakeTime time = new FakeTime();
    private final List<String> arrived = new ArrayList<>();
    private final List<Loss> lost = new ArrayList<>();
    private final List<Long> ids = new ArrayList<>();
    private final Set<NodeId> down = new HashSet<>();
    private int sent;
    private int delivered;
    private final Links links = links(LinkRule.PERFECT);

    private Links links(LinkRule rule) {
        return new Links(List.of(A, B, C, D), rule, 1, time, this::receive, new LinkObserver() {
            @Override
            public void sent(InFlightMessage inFlightMessage) {
                sent++;
                ids.add(inFlightMessage.id());
            }

            @Override
            public void delivered(InFlightMessage inFlightMessage) {
                delivered++;
            }

            @Override
            public void lost(InFlightMessage inFlightMessage, Loss why) {
                lost.add(why);
            }
        });
    }

    private boolean receive(NodeId from, NodeId to, Message message) {
        if (down.contains(to)) {
            return false;
        }
        arrived.add(from + ">" + to + ":" + ((Note) message).number());
        return true;
    }

    private void send(NodeId from, NodeId to, int number) {
        links.from(from).send(to, new Note(number));
    }

    private void relink(NodeId from, NodeId to, LinkChange change) {
        links.apply(new ChangeLinks(Optional.ofNullable(from), Optional.ofNullable(to), change));
    }

    @Test
    void aPerfectLinkDeliversAtOnce() {
        send(A, B, 1);
        assertEquals(List.of("A>B:1"), arrived);
        assertEquals(0, links.underWay());
    }

    @Test
    void aDelayHoldsUpOneDirectionOfOneLink() {
        relink(A, C, LinkChange.delay(Delay.parse("3s")));
        send(A, C, 1);
        send(A, B, 2);
        send(C, A, 3);
        assertEquals(List.of("A>B:2", "C>A:3"), arrived);
        assertEquals(1, links.underWay());
        time.passMillis(2_999);
        assertEquals(2, arrived.size());
        time.passMillis(1);
        assertEquals("A>C:1", arrived.get(2));
        assertEquals(0, links.underWay());
    }

    @Test
    void messagesOvertakeEachOtherWhereTheDelayIsDrawnForEach() {
        relink(A, B, LinkChange.delay(Delay.parse("0s..10ms")));
        for (int i = 0; i < 20; i++) {
            send(A, B, i);
        }
        time.passMillis(10);
        List<String> inOrder = arrived.stream()
                .sorted(Comparator.comparingInt((String text) -> Integer.parseInt(text.substring(4))))
                .toList();
        assertEquals(20, inOrder.size());
        assertFalse(inOrder.equals(arrived), "some overtook: " + arrived);
    }

    @Test
    void aLossyLinkLosesItsShare() {
        relink(A, B, LinkChange.loss(0.25));
        for (int i = 0; i < 10_000; i++) {
            send(A, B, i);
        }
        assertEquals(2_500, lost.size(), 250);
        assertEquals(10_000, arrived.size() + lost.size());
        assertEquals(Set.of(Loss.LOST), Set.copyOf(lost));
        relink(A, B, LinkChange.loss(1));
        arrived.clear();
        send(A, B, 1);
        assertEquals(List.of(), arrived, "a loss of 1 lets nothing pass");
    }

    @Test
    void aDoublingLinkDeliversSomeMessagesTwiceEachWithADelayOfItsOwn() {
        relink(
                A,
                B,
                new LinkChange(
                        Optional.of(Delay.parse("1ms..9ms")), Optional.empty(), Optional.of(0.5), Optional.empty()));
        for (int i = 0; i < 10_000; i++) {
            send(A, B, i);
        }
        time.passMillis(9);
        Map<String, Long> times = arrived.stream().collect(Collectors.groupingBy(text -> text, Collectors.counting()));
        assertEquals(10_000, times.size(), "none is lost");
        assertEquals(5_000, times.values().stream().filter(count -> count == 2).count(), 300);
        assertTrue(times.values().stream().allMatch(count -> count <= 2));
        assertEquals(sent, ids.stream().distinct().count(), "each transit has an id of its own");
    }

    @Test
    void aCutLetsNothingPassAndWhatIsUnderWayStillArrives() {
        relink(A, B, LinkChange.delay(Delay.parse("10ms")));
        send(A, B, 1);
        relink(A, B, LinkChange.CUT);
        send(A, B, 2);
        send(B, A, 3);
        time.passMillis(20);
        assertEquals(List.of("B>A:3", "A>B:1"), arrived);
        assertEquals(List.of(Loss.CUT), lost);
        assertEquals("10ms", state(A, B).rule().delay().toString(), "a cut changes nothing else");
    }

    @Test
    void aPartitionSeparatesGroupsAndAReplicaInNoGroupIsAlone() {
        links.apply(new Partition(List.of(Set.of(A, B), Set.of(C))));
        assertEquals(Set.of("A>B", "B>A"), passing());
        links.apply(new Partition(List.of(Set.of(A, B), Set.of(B, C, D))));
        assertEquals(
                Set.of("A>B", "B>A", "B>C", "C>B", "B>D", "D>B", "C>D", "D>C"),
                passing(),
                "groups may overlap: B is the bridge");
    }

    @Test
    void aPartitionEndsTheOneBeforeAndSaysWhichLinksPassAgain() {
        links.apply(new Partition(List.of(Set.of(A, B), Set.of(C, D))));
        List<Links.Healed> healed = links.apply(new Partition(List.of(Set.of(A, B, C), Set.of(D))));
        assertEquals(Set.of("A>C", "C>A", "B>C", "C>B"), names(healed));
    }

    @Test
    void anIsolatedReplicaIsCutOffFromAllAndTheOthersAreNot() {
        links.apply(new Partition(List.of(Set.of(A, B), Set.of(C, D))));
        assertEquals(List.of(), links.apply(new Isolate(A)), "an isolation heals nothing");
        assertEquals(Set.of("C>D", "D>C"), passing(), "the partition goes on");
    }

    @Test
    void healingEndsPartitionsIsolationsAndCutsAndLeavesDelaysAndLosses() {
        relink(A, B, LinkChange.delay(Delay.parse("10ms")));
        relink(A, B, LinkChange.loss(0.5));
        relink(A, B, LinkChange.CUT);
        links.apply(new Isolate(C));
        List<Links.Healed> healed = links.apply(Heal.ALL);
        assertEquals(Set.of("A>B", "A>C", "C>A", "B>C", "C>B", "D>C", "C>D"), names(healed));
        assertEquals(12, passing().size());
        assertEquals(
                LinkRule.PERFECT.withDelay(Delay.parse("10ms")),
                new LinkRule(state(A, B).rule().delay(), 0, 0, false));
        assertEquals(0.5, state(A, B).rule().loss());
        assertEquals(List.of(), links.apply(Heal.ALL), "what passes already is not healed");
    }

    @Test
    void oneDirectionCanBeHealedAlone() {
        links.apply(new Isolate(A));
        assertEquals(Set.of("A>B"), names(links.apply(new Heal(Optional.of(A), Optional.of(B)))));
        assertEquals(Set.of("B>A", "C>A", "D>A"), names(links.apply(new Heal(Optional.empty(), Optional.of(A)))));
    }

    @Test
    void takingACutBackHealsButNotThroughAPartition() {
        relink(A, B, LinkChange.CUT);
        LinkChange passAgain = new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        assertEquals(Set.of("A>B"), names(links.apply(new ChangeLinks(Optional.of(A), Optional.of(B), passAgain))));
        relink(A, B, LinkChange.CUT);
        links.apply(new Isolate(B));
        assertEquals(List.of(), links.apply(new ChangeLinks(Optional.of(A), Optional.of(B), passAgain)));
    }

    @Test
    void oneKindOfMessageCanBeSlowedOrCutOnOneLink() {
        Selector notes = Selector.kind("note");
        links.apply(new ChangeLinks(Optional.of(A), Optional.of(C), notes, LinkChange.delay(Delay.parse("3s"))));
        links.apply(new ChangeLinks(Optional.of(A), Optional.of(C), Selector.kind("other"), LinkChange.CUT));
        send(A, C, 1);
        send(A, B, 2);
        assertEquals(List.of("A>B:2"), arrived);
        time.passMillis(3_000);
        assertEquals(List.of("A>B:2", "A>C:1"), arrived);
        links.apply(new ChangeLinks(Optional.of(A), Optional.of(C), notes, LinkChange.CUT));
        send(A, C, 3);
        assertEquals(List.of(Loss.CUT), lost);
        assertEquals(Set.of("A>C"), names(links.apply(Heal.ALL)), "some messages pass again");
        assertEquals(
                List.of(notes),
                state(A, C).special().stream().map(Links.Special::messages).toList(),
                "the delay stays");
        send(A, C, 4);
        time.passMillis(3_000);
        assertEquals("A>C:4", arrived.get(2));
        assertEquals(List.of(), links.apply(Heal.ALL));
    }

    @Test
    void aPartitionStopsWhatASpecialRuleWouldLetPass() {
        LinkChange pass = new LinkChange(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        links.apply(new ChangeLinks(Optional.of(A), Optional.of(B), Selector.kind("note"), pass));
        links.apply(new Isolate(A));
        send(A, B, 1);
        assertEquals(List.of(Loss.CUT), lost);
    }

    @Test
    void aLinkHoldsOnlySoMuchAndDropsTheRest() {
        relink(A, B, LinkChange.delay(Delay.parse("10ms")));
        for (int i = 0; i < Links.CAPACITY + 5; i++) {
            send(A, B, i);
        }
        send(A, C, 7);
        assertEquals(List.of(Loss.FULL, Loss.FULL, Loss.FULL, Loss.FULL, Loss.FULL), lost);
        assertEquals(Links.CAPACITY, links.underWay());
        time.passMillis(10);
        send(A, B, 0);
        assertEquals(1, links.underWay(), "when the others have arrived there is room again");
    }

    @Test
    void aLinkHoldsOnlySoManyBytes() {
        relink(A, B, LinkChange.delay(Delay.parse("10ms")));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 5; i++) {
                links.from(A).send(B, new Note(i, Links.CAPACITY_BYTES / 4));
            }
            assertEquals(List.of(Loss.FULL), lost);
            assertEquals(4, links.underWay());
            time.passMillis(10);
            lost.clear();
        }
        assertEquals(8, delivered);
    }

    @Test
    void aMessageToAReplicaThatIsDownIsLostAndOneThatArrivesAfterItsRestartIsNot() {
        relink(A, B, LinkChange.delay(Delay.parse("10ms")));
        down.add(B);
        send(A, B, 1);
        time.passMillis(10);
        assertEquals(List.of(Loss.DOWN), lost);
        send(A, B, 2);
        time.passMillis(5);
        down.clear();
        time.passMillis(5);
        assertEquals(List.of("A>B:2"), arrived);
        assertEquals(1, delivered);
        assertEquals(0, links.underWay());
    }

    @Test
    void aResetLosesWhatIsUnderWayToAndFromAReplicaAndNothingElse() {
        relink(null, null, LinkChange.delay(Delay.parse("10ms")));
        send(A, B, 1);
        send(B, A, 2);
        send(C, D, 3);
        time.passMillis(5);
        relink(B, C, LinkChange.CUT);
        assertEquals(
                Set.of("A>B", "B>A", "C>B", "B>D", "D>B"),
                names(links.apply(new Fault.Reset(B))),
                "all links of B that pass open anew");
        send(A, B, 4);
        time.passMillis(10);
        assertEquals(List.of("C>D:3", "A>B:4"), arrived);
        assertEquals(List.of(Loss.RESET, Loss.RESET), lost);
        assertEquals(0, links.underWay());
    }

    @Test
    void lossesComeInRunsAsLongAsTheRuleSays() {
        relink(A, B, LinkChange.loss(0.05).then(LinkChange.runs(LossRun.parse("3..5"))));
        Set<Integer> runs = new HashSet<>();
        int length = 0;
        for (int i = 0; i < 2_000; i++) {
            int before = lost.size();
            send(A, B, i);
            if (lost.size() > before) {
                length++;
            } else if (length > 0) {
                runs.add(length);
                length = 0;
            }
        }
        // A run may begin where another ends.
        assertTrue(runs.containsAll(Set.of(3, 4, 5)), runs::toString);
        assertTrue(runs.stream().allMatch(run -> run >= 3), runs::toString);
    }

    @Test
    void aRunOfLossesEndsWhenTheRulesChange() {
        relink(A, B, LinkChange.loss(1).then(LinkChange.runs(LossRun.parse("1000"))));
        send(A, B, 1);
        relink(A, B, LinkChange.loss(0));
        relink(A, B, LinkChange.loss(1e-9));
        send(A, B, 2);
        assertEquals(List.of("A>B:2"), arrived);
    }

    /** Otherwise the traces of all seeds would change with the length of a run. */
    @Test
    void singleLossesDrawNoLength() {
        Links single = links(new LinkRule(Delay.NONE, 0.5, 0, false));
        for (int i = 0; i < 100; i++) {
            single.from(A).send(B, new Note(i));
        }
        List<String> passed = List.copyOf(arrived);
        arrived.clear();
        Links runsOfOne = links(new LinkRule(Delay.NONE, 0.5, 0, false).withRuns(LossRun.SINGLE));
        for (int i = 0; i < 100; i++) {
            runsOfOne.from(A).send(B, new Note(i));
        }
        assertEquals(passed, arrived);
    }

    @Test
    void aFaultThatNamesAReplicaThatThereIsNotChangesNothing() {
        NodeId stranger = NodeId.of("X");
        List<Fault.OfLinks> faults = List.of(
                new ChangeLinks(Optional.empty(), Optional.of(stranger), LinkChange.CUT),
                new ChangeLinks(Optional.of(stranger), Optional.empty(), LinkChange.CUT),
                new Partition(List.of(Set.of(A), Set.of(B, stranger))),
                new Isolate(stranger),
                new Fault.Reset(stranger),
                new Heal(Optional.of(stranger), Optional.empty()));
        List<Links.LinkState> before = links.states();
        for (Fault.OfLinks fault : faults) {
            assertEquals(
                    "there is no replica X; there are [A, B, C, D]",
                    assertThrows(IllegalArgumentException.class, () -> links.apply(fault))
                            .getMessage());
        }
        assertEquals(before, links.states());
        assertThrows(IllegalArgumentException.class, () -> links.from(stranger));
        assertThrows(IllegalArgumentException.class, () -> send(A, A, 1));
    }

    /** Java 17 has no pattern switch: a fault that is added and forgotten in {@link Links#apply} fails here. */
    @Test
    void everyFaultOfLinksIsCarriedOut() {
        Map<Class<?>, Fault.OfLinks> samples = Map.of(
                ChangeLinks.class, new ChangeLinks(Optional.of(A), Optional.of(B), LinkChange.loss(0.5)),
                Partition.class, new Partition(List.of(Set.of(A, B))),
                Isolate.class, new Isolate(D),
                Heal.class, Heal.ALL);
        Set<Class<?>> all = new HashSet<>(Arrays.asList(Fault.OfLinks.class.getPermittedSubclasses()));
        all.remove(Fault.Reset.class); // It changes what is under way, and no rule.
        assertEquals(all, samples.keySet());
        samples.forEach((type, fault) -> {
            Links fresh = links(new LinkRule(Delay.NONE, 0, 0, type == Heal.class));
            List<Links.LinkState> before = fresh.states();
            fresh.apply(fault);
            assertFalse(before.equals(fresh.states()), fault + " changes something");
        });
    }

    /** "The same seed gives the same trace": each sender draws from a stream of its own. */
    @Test
    void whatOneSenderDrawsChangesNothingForAnother() {
        assertEquals(fateOfB(0), fateOfB(17));
    }

    private List<String> fateOfB(int messagesOfA) {
        arrived.clear();
        Links lossy = links(new LinkRule(Delay.NONE, 0.5, 0, false));
        for (int i = 0; i < messagesOfA; i++) {
            lossy.from(A).send(C, new Note(i));
        }
        arrived.clear();
        for (int i = 0; i < 100; i++) {
            lossy.from(B).send(C, new Note(i));
        }
        return List.copyOf(arrived);
    }

    private Links.LinkState state(NodeId from, NodeId to) {
        return links.states().stream()
                .filter(state -> state.from().equals(from) && state.to().equals(to))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> passing() {
        arrived.clear();
        for (NodeId from : List.of(A, B, C, D)) {
            for (NodeId to : List.of(A, B, C, D)) {
                if (!from.equals(to)) {
                    send(from, to, 0);
                }
            }
        }
        time.passMillis(1_000);
        // A lossy link may lose the probe: the state says whether it passes.
        return links.states().stream()
                .filter(state -> !state.partitioned() && !state.rule().cut())
                .map(state -> state.from() + ">" + state.to())
                .peek(name -> assertTrue(arrived.contains(name + ":0") || lost.contains(Loss.LOST), name))
                .collect(Collectors.toSet());
    }

    private static Set<String> names(List<Links.Healed> healed) {
        return healed.stream().map(link -> link.from() + ">" + link.to()).collect(Collectors.toSet());
    }

    @Test
    void aLinkHasABoundedNumberOfSpecialRules() {
        for (int i = 0; i < LinkRules.MOST_SPECIAL; i++) {
            links.apply(new ChangeLinks(
                    Optional.of(A), Optional.of(B), Selector.key(Key.of("k" + i)), LinkChange.loss(0.5)));
        }
        String problem = assertThrows(
                        IllegalArgumentException.class,
                        () -> links.apply(new ChangeLinks(
                                Optional.empty(),
                                Optional.empty(),
                                Selector.key(Key.of("more")),
                                LinkChange.loss(0.5))))
                .getMessage();
        assertTrue(problem.startsWith("a link has at most 100 rules for single keys or kinds"), problem);
        assertEquals(
                List.of(),
                links.states().stream()
                        .flatMap(link -> link.special().stream())
                        .filter(special -> special.messages().equals(Selector.key(Key.of("more"))))
                        .toList(),
                "no link has changed");
        links.apply(new ChangeLinks(Optional.of(A), Optional.of(B), Selector.key(Key.of("k0")), LinkChange.loss(0.25)));
        assertEquals(
                LinkRules.MOST_SPECIAL, links.states().get(0).special().size(), "those that there are can be changed");
    }
}
