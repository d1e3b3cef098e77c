package io.orrery.protocol.dissemination;

import io.orrery.clock.Dot;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.protocol.ProtocolType;
import io.orrery.testkit.protocol.Invariants;
import java.util.HashMap;
import java.util.Map;

/** The invariants of the protocols that stand on dissemination: a dot belongs to one write too, over all lives of all replicas. */
public final class DotInvariants extends Invariants {
    private final Map<Dot, Write> writes = new HashMap<>();

    public DotInvariants(ProtocolType protocol) {
        super(protocol);
    }

    @Override
    public void applied(NodeId at, Update update) {
        super.applied(at, update);
        isUnique(update.whole());
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        super.superseded(at, update, by);
        isUnique(update.whole());
    }

    private void isUnique(Update update) {
        if (update instanceof Write write) {
            Write same = writes.putIfAbsent(write.dot(), write);
            require(same == null || same.equals(write), () -> write.dot() + " is " + same + " and " + write);
        }
    }
}
