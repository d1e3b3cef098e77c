package io.orrery.testkit.protocol;

import io.orrery.protocol.ProtocolType;
import org.junit.jupiter.api.Test;

/**
 * The {@link Contract} as a JUnit 5 test: whoever writes a protocol extends it and names the type.
 *
 * <pre>{@code
 * class MyProtocolTest extends ProtocolContract {
 *     @Override
 *     protected ProtocolType type() {
 *         return MyProtocol.TYPE;
 *     }
 * }
 * }</pre>
 *
 * <p>It needs JUnit Jupiter, which Orrery does not bring.
 */
public abstract class ProtocolContract {
    /** The protocol that is tested. */
    protected abstract ProtocolType type();

    /** What holds after each event; made anew for each world. */
    protected Invariants invariants() {
        return new Invariants(type());
    }

    /** In how many generated worlds it must hold what it promises: some hundred take seconds. */
    protected int worlds() {
        return 200;
    }

    /** In how many generated worlds what it does not promise is looked for: some violations are rare. */
    protected int worldsThatViolate() {
        return 4_000;
    }

    /**
     * Whether replicas may lose their memory, have an older copy of it put back, and run as two processes. Where they may not,
     * the protocol's page says so.
     */
    protected boolean outlivesLostMemory() {
        return true;
    }

    private Contract contract() {
        return new Contract(type(), this::invariants, outlivesLostMemory());
    }

    @Test
    final void itsPromisesAreModelsOfWhichNoneFollowsFromAnother() {
        contract().promisesAreModels();
    }

    @Test
    final void itKeepsItsPromisesWhateverGoesWrong() {
        contract().keepsItsPromises(worlds());
    }

    @Test
    final void whoComparesAndSetsFindsOneOrder() {
        contract().comparesAndSets(worlds() / 4);
    }

    @Test
    final void whoAsksAgainWithAnIdIsServedOnce() {
        contract().actsOnce(worlds() / 4);
    }

    @Test
    final void whatItDoesNotPromiseItBreaksSomewhere() {
        contract().breaksWhatItDoesNotPromise(worldsThatViolate());
    }

    @Test
    final void whateverGoesWrongTheInvariantsHoldAfterEachEvent() {
        contract().staysSound(0, worlds());
    }

    @Test
    final void whereverAReplicaCrashesNothingAcknowledgedIsLost() {
        contract().survivesACrashAtEachEvent("2ms");
    }

    @Test
    final void wheneverADiskFailsNothingAcknowledgedIsLost() {
        contract().survivesAFailedDiskAtEachEvent("2ms");
    }

    @Test
    final void whatItSendsAndKeepsIsReadAsItWasWritten() {
        contract().isReadAsWritten(Math.min(worlds(), 20));
    }
}
