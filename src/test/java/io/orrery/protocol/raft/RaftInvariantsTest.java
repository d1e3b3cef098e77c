package io.orrery.protocol.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.clock.VersionVector;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.ReplicaView;
import io.orrery.protocol.Role;
import io.orrery.protocol.raft.RaftMessage.Vote;
import io.orrery.scenario.ScenarioRunner;
import io.orrery.simulation.Simulation;
import io.orrery.simulation.WorldObserver;
import io.orrery.testkit.protocol.GeneratedScenarios;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Paper, figure 3: each property is seen to be broken by a forged story, or by a bug that is planted into replicas. */
class RaftInvariantsTest {
    private static final NodeId A = NodeId.of("A");
    private static final NodeId B = NodeId.of("B");
    private static final int WORLDS = 60;
    private static final NodeId C = NodeId.of("C");

    private final List<String> broken = new ArrayList<>();
    private final RaftInvariants invariants = new RaftInvariants((which, holds, otherwise) -> {
        if (!holds) {
            broken.add(which + ": " + otherwise.get());
        }
    });

    @BeforeEach
    void begin() {
        List.of(A, B, C).forEach(invariants::begins);
    }

    private static LogEntry entry(long index, long term, String value) {
        return new LogEntry.Command(
                index,
                term,
                Origin.of("A"),
                Origin.of("A"),
                1,
                Optional.empty(),
                new Operation.Write(Key.of("x"), Value.of(value)));
    }

    private void keeps(NodeId replica, LogEntry... entries) {
        for (JournalEntry entry : entries) {
            invariants.keeps(replica, entry);
        }
    }

    private void leads(NodeId replica, long term, long applied) {
        acted(replica, Elections.Role.LEADER, term, applied);
    }

    private void follows(NodeId replica, long term, long applied) {
        acted(replica, Elections.Role.FOLLOWER, term, applied);
    }

    private void acted(NodeId replica, Elections.Role is, long term, long applied) {
        Role role = new Role(is.name, is.duty, term, Optional.empty());
        invariants.acted(replica, new ReplicaView() {
            @Override
            public Optional<Update> lookup(Key key) {
                return Optional.empty();
            }

            @Override
            public void forEach(Consumer<? super Update> action) {}

            @Override
            public Object clock() {
                return applied;
            }

            @Override
            public ReplicaStatus status() {
                return new ReplicaStatus(
                        "",
                        VersionVector.EMPTY,
                        0,
                        0,
                        List.of(),
                        new TreeMap<>(),
                        ReplicaStatus.Memory.NONE,
                        Optional.of(new ReplicaStatus.Standing(role, applied, applied)));
            }
        });
    }

    /** The story of figure 7 and 8 in short: entries that were not committed are overwritten, and nothing is broken. */
    @Test
    void aStoryThatIsRightBreaksNothing() {
        leads(A, 1, 0);
        keeps(A, entry(1, 1, "a"), entry(2, 1, "lost"));
        keeps(B, entry(1, 1, "a"));
        leads(A, 1, 1);
        leads(B, 2, 1);
        keeps(B, entry(2, 2, "b"));
        keeps(C, entry(1, 1, "a"), entry(2, 2, "b"));
        follows(A, 2, 1);
        keeps(A, entry(2, 2, "b"));
        follows(A, 2, 1);
        leads(B, 2, 2);
        follows(A, 2, 2);
        follows(C, 2, 2);
        leads(A, 3, 2);
        assertEquals(List.of(), broken);
    }

    @Test
    void electionSafety() {
        leads(A, 2, 0);
        leads(B, 2, 0);
        assertEquals(List.of("election-safety: B and A were both elected in term 2"), broken);
    }

    @Test
    void leaderAppendOnly() {
        keeps(A, entry(1, 1, "a"), entry(2, 1, "b"));
        leads(A, 2, 0);
        keeps(A, entry(2, 2, "c"));
        leads(A, 2, 0);
        assertEquals(List.of("leader-append-only: A, the leader of term 2, has overwritten entry 2"), broken);
    }

    @Test
    void logMatching() {
        keeps(A, entry(1, 1, "a"), entry(2, 2, "b"));
        keeps(B, entry(1, 1, "a"), entry(2, 2, "c"));
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).startsWith("log-matching: B has write x 2@A of term 2 at 2"), broken.get(0));
        broken.clear();
        keeps(A, entry(3, 3, "d"));
        keeps(C, entry(1, 1, "a"), entry(2, 1, "e"), entry(3, 3, "d"));
        assertEquals(1, broken.size(), "the same entry, and another one before it");
        assertTrue(broken.get(0).endsWith("after one of term 2"), broken.get(0));
    }

    @Test
    void leaderCompleteness() {
        keeps(A, entry(1, 1, "a"));
        leads(A, 1, 1);
        leads(B, 2, 0);
        String lacks =
                "leader-completeness: B, the leader of term 2, lacks entry 1 of term 1, which was committed in term 1";
        assertEquals(List.of(lacks), broken);
    }

    @Test
    void leaderCompletenessOfWhatIsCommittedLater() {
        leads(B, 2, 0);
        keeps(A, entry(1, 1, "a"));
        leads(A, 1, 1);
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).startsWith("leader-completeness: B"), broken.get(0));
    }

    @Test
    void stateMachineSafety() {
        keeps(A, entry(1, 1, "a"));
        leads(A, 1, 1);
        keeps(B, entry(1, 2, "b"));
        follows(B, 2, 1);
        assertEquals(1, broken.size());
        assertTrue(broken.get(0).startsWith("state-machine-safety: B has applied write x 1@A of term 2 at 1"));
    }

    /** Replicas vote for whoever asks, for several in one term too. */
    @Test
    void replicasThatGrantEachVoteAreCaughtInGeneratedWorlds() {
        ProtocolType generous = Meddled.type(
                HurriedRaftContractTest.HURRIED,
                "each vote is granted",
                (type, settings, effects) -> new Meddled(type, settings, effects) {
                    @Override
                    public void message(NodeId from, Message message) {
                        super.message(from, message);
                        if (message instanceof Vote vote && !vote.trial()) {
                            effects.send(
                                    from,
                                    new RaftMessage.Voted(vote.term(), vote.term(), false, true, Optional.empty()));
                        }
                    }
                });
        Set<String> caught = new TreeSet<>();
        WorldObserver observer = new WorldObserver() {
            @Override
            public void breached(NamedInvariant invariant, String what) {
                caught.add(invariant.name());
            }
        };
        for (int number = 0; number < WORLDS && !caught.contains("election-safety"); number++) {
            try (Simulation simulation = Simulation.start()) {
                ScenarioRunner.run(simulation, GeneratedScenarios.of(generous, number), number, observer);
            } catch (RuntimeException end) {
                // A leader that hears of another one of its term stops the world itself, a little later.
                assertTrue(String.valueOf(end.getCause()).contains("broken invariant"), end::toString);
            }
        }
        assertTrue(caught.contains("election-safety"), caught::toString);
    }
}
