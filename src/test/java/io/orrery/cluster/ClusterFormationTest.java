package io.orrery.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.journal.JournalException;
import io.orrery.live.ClusterRecord;
import io.orrery.model.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How replicas agree on the id of their cluster, over a net that loses, doubles and reorders what they say. */
class ClusterFormationTest {
    private final Map<NodeId, ClusterFormation> replicas = new TreeMap<>();
    private final Map<NodeId, ClusterRecord> disks = new TreeMap<>();
    private final List<Letter> mail = new ArrayList<>();
    /** All ids that any replica has ever taken for that of its cluster. */
    private final Set<String> believed = new HashSet<>();

    private final Set<NodeId> cutOff = new TreeSet<>();
    private int drawn;
    private boolean diskFails;

    private record Letter(NodeId from, NodeId to, NodeMessage said) {}

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            NodeId id = NodeId.of(Character.toString('A' + i));
            disks.put(id, ClusterRecord.NONE);
            begin(id, count);
        }
    }

    private void begin(NodeId id, int count) {
        List<NodeId> all =
                Stream.of("A", "B", "C", "D", "E").map(NodeId::of).limit(count).toList();
        replicas.put(
                id,
                new ClusterFormation(
                        id,
                        all,
                        ClusterRecord.decode(disks.get(id).encode()),
                        () -> "%032x".formatted(++drawn),
                        memory -> keep(id, memory),
                        (to, said) -> mail.add(new Letter(id, to, said))));
    }

    private void keep(NodeId id, ClusterRecord memory) {
        if (diskFails) {
            throw new JournalException("the disk is full");
        }
        disks.put(id, memory);
        memory.cluster().ifPresent(believed::add);
    }

    private Set<NodeId> others(NodeId self) {
        Set<NodeId> others = new TreeSet<>(replicas.keySet());
        others.remove(self);
        return others;
    }

    private void deliver(Letter letter) {
        if (cutOff.contains(letter.to())) {
            return;
        }
        replicas.get(letter.to()).take(letter.from(), (NodeMessage.OfFounding) letter.said());
    }

    private void deliverAll() {
        while (!mail.isEmpty()) {
            deliver(mail.remove(0));
        }
    }

    private static NodeId node(String name) {
        return NodeId.of(name);
    }

    @Test
    void allHaveOneIdAsSoonAsTheyCanTalk() {
        start(3);
        replicas.forEach((id, replica) -> replica.tryWith(others(id)));
        deliverAll();
        assertEquals(1, believed.size());
        disks.forEach((id, memory) -> assertTrue(memory.cluster().isPresent(), id + " has none"));
        assertEquals(1, drawn, "only the first has drawn one");
    }

    @Test
    void aMinorityFoundsNothing() {
        start(5);
        replicas.get(node("A")).tryWith(Set.of(node("B")));
        deliverAll();
        assertEquals(Set.of(), believed);
    }

    @Test
    void oneAloneFoundsItsClusterAlone() {
        start(1);
        replicas.get(node("A")).tryWith(Set.of());
        deliverAll();
        assertEquals(1, believed.size());
    }

    @Test
    void whoComesLaterIsHandedTheId() {
        start(3);
        cutOff.add(node("C"));
        replicas.get(node("A")).tryWith(Set.of(node("B")));
        deliverAll();
        assertEquals(Optional.empty(), replicas.get(node("C")).cluster());
        cutOff.clear();
        replicas.get(node("B")).met(node("C"), Optional.empty());
        deliverAll();
        assertEquals(replicas.get(node("A")).cluster(), replicas.get(node("C")).cluster());
    }

    @Test
    void whatCannotBeKeptIsNotSaid() {
        start(3);
        diskFails = true;
        replicas.get(node("A")).tryWith(Set.of(node("B")));
        for (Letter letter = mail.remove(0); ; letter = mail.remove(0)) {
            try {
                deliver(letter);
            } catch (JournalException e) {
                assertTrue(mail.stream().noneMatch(it -> it.said() instanceof ClusterFormation.Promise));
            }
            if (mail.isEmpty()) {
                break;
            }
        }
        diskFails = false;
        replicas.get(node("A")).tryWith(Set.of(node("B")));
        deliverAll();
        assertEquals(1, believed.size());
    }

    /** Each seed another order of what is said, what is lost, who crashes, and who tries when with whom. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void thereAreNeverTwo(int count) {
        for (int seed = 0; seed < 2_000; seed++) {
            replicas.clear();
            disks.clear();
            mail.clear();
            believed.clear();
            Random random = new Random(seed);
            start(count);
            List<NodeId> ids = List.copyOf(replicas.keySet());
            for (int step = 0; step < 200; step++) {
                NodeId any = ids.get(random.nextInt(count));
                int choice = random.nextInt(20);
                if (choice == 0) {
                    begin(any, count);
                } else if (choice <= 3) {
                    Set<NodeId> some = others(any);
                    some.removeIf(it -> random.nextInt(3) == 0);
                    replicas.get(any).tryWith(some);
                } else if (!mail.isEmpty()) {
                    Letter letter = mail.get(random.nextInt(mail.size()));
                    if (random.nextInt(5) > 0) {
                        mail.remove(letter);
                    }
                    if (random.nextInt(8) > 0) {
                        deliver(letter);
                    }
                }
            }
            assertTrue(believed.size() <= 1, "seed " + seed + ": " + believed);
            replicas.get(ids.get(0)).tryWith(others(ids.get(0)));
            deliverAll();
            replicas.get(ids.get(0)).tryWith(others(ids.get(0)));
            deliverAll();
            assertEquals(1, believed.size(), "seed " + seed);
        }
    }
}
