package org.example.chain;

import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolProvider;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Vocabulary;
import java.util.List;

/** Brings {@link Chain} to Orrery. */
public final class ChainProvider implements ProtocolProvider {
    static final ProtocolType TYPE = new ProtocolType(
                    "chain-static",
                    "a chain: the head orders writes, the tail reads; a write returns when the tail has it",
                    new Vocabulary(
                            List.of("ask", "told", "pass", "have"),
                            List.of(
                                    ChainMessage.Ask.class,
                                    ChainMessage.Told.class,
                                    ChainMessage.Pass.class,
                                    ChainMessage.Have.class),
                            List.of(Item.class, Ordered.class)),
                    Chain::new)
            .promising(Promises.toMoving("linearizable", "converged"));

    @Override
    public int contract() {
        return CONTRACT;
    }

    @Override
    public List<ProtocolType> protocols() {
        return List.of(TYPE);
    }
}
