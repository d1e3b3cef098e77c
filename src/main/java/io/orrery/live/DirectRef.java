package io.orrery.live;

import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.FunctionRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import scala.runtime.BoxedUnit;

/**
 * An address without an actor: what is told it goes to a function at once, on the thread of the sender. It is much like what
 * Pekko's {@code ask} makes for each question; one of these serves for many. So the answers of a replica are spared the way
 * through another mailbox, which a local client would feel.
 */
final class DirectRef {
    private DirectRef() {}

    /** @param receiver called on any thread, with several at a time; must be quick and may not throw */
    static <T> ActorRef<T> create(ActorSystem<?> system, Consumer<Object> receiver) {
        ActorRefProvider provider = Adapter.toClassic(system).provider();
        return Adapter.toTyped(
                new FunctionRef(provider.tempPath(), provider, Adapter.toClassic(system), (sender, message) -> {
                    receiver.accept(message);
                    return BoxedUnit.UNIT;
                }));
    }
}
