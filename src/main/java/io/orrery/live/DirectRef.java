package io.orrery.live;

import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRefProvider;
import org.apache.pekko.actor.FunctionRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import scala.runtime.BoxedUnit;

/**
 * An actor reference without an actor: messages go directly to a function, on the sender's thread. Pekko's {@code ask}
 * creates one per request; this one serves many. It spares the answers of a replica another mailbox, which would add
 * latency for local clients.
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
