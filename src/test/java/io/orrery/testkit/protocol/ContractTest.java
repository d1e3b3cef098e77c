package io.orrery.testkit.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.Vocabulary;
import io.orrery.protocol.lastarrival.LastArrival;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** That the contract finds what is wrong, and says what. */
class ContractTest {
    private static final ProtocolType LAMPORT = Protocols.named("lamport-lww");
    private static final ProtocolType LINEARIZABLE = Protocols.named("primary-linearizable");

    private static void broken(String what, Executable clause) {
        String said = assertThrows(AssertionError.class, clause).getMessage();
        assertTrue(said.contains(what), said);
    }

    private static ProtocolType with(ProtocolType type, UnaryOperator<Effects> bug) {
        return type.variant(
                type.name(), type.summary(), (settings, effects) -> type.create(settings, bug.apply(effects)));
    }

    @Test
    void aPromiseThatIsTooLargeIsBroken() {
        ProtocolType boaster = LAMPORT.promising(Promises.toStaying("causal-ccv", "converged"));
        broken("lamport-lww broke its promise, causal-c", () -> new Contract(boaster).keepsItsPromises(300));
    }

    @Test
    void aPromiseThatIsTooSmallIsTold() {
        ProtocolType modest = LINEARIZABLE.promising(Promises.toMoving("causal-cc", "converged"));
        broken(
                "primary-linearizable could promise these too, or the worlds are too tame: [linearizable, sequential,",
                () -> new Contract(modest).breaksWhatItDoesNotPromise(20));
    }

    @Test
    void aPromiseThatFollowsFromAnotherIsTold() {
        broken(
                "linearizable is promised, and implies sequential",
                () -> new Contract(LAMPORT.promising(Promises.toMoving("linearizable", "sequential")))
                        .promisesAreModels());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Contract(LAMPORT.promising(Promises.toMoving("perfect"))).promisesAreModels());
    }

    @Test
    void whoSaysThatItConvergesAndDoesNotIsFound() {
        ProtocolType boaster = LastArrival.TYPE.promising(Promises.toStaying("converged"));
        broken("last-arrival, world ", () -> new Contract(boaster).staysSound(0, 50));
    }

    /** It keeps nothing and tells nobody, and answers all the same. */
    @Test
    void anAcknowledgementThatACrashTakesBackIsFound() {
        ProtocolType forgetful = with(LAMPORT, effects -> new ForwardingEffects(effects) {
            @Override
            public void persist(JournalEntry entry) {}

            @Override
            public void send(NodeId to, Message message) {
                if (!message.kind().equals("update")) {
                    super.send(to, message);
                }
            }
        });
        broken("lamport-lww, crash", () -> new Contract(forgetful).survivesACrashAtEachEvent("2ms"));
    }

    @Test
    void aMessageThatTheVocabularyLacksIsFound() {
        Vocabulary all = LAMPORT.vocabulary();
        List<String> kinds =
                all.kinds().stream().filter(kind -> !kind.equals("update")).toList();
        ProtocolType silent =
                new ProtocolType("silent", "", new Vocabulary(kinds, all.messages(), all.entries()), LAMPORT.factory());
        broken("silent, world 0: ", () -> new Contract(silent).isReadAsWritten(1));
    }

    @Test
    void aProtocolThatIsRightPasses() {
        Contract contract = new Contract(LINEARIZABLE);
        contract.promisesAreModels();
        contract.keepsItsPromises(20);
        contract.staysSound(0, 20);
        assertTrue(contract.isReadAsWritten(3).containsAll(List.of("Forward", "Write", "AppliedProgress")));
        assertEquals(
                1,
                new Contract(LAMPORT)
                        .isReadAsWritten(1).stream()
                                .filter(name -> name.equals("Started"))
                                .count());
    }
}
