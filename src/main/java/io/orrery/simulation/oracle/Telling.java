package io.orrery.simulation.oracle;

import io.orrery.protocol.Inspection;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.ReplicaView;

/** An inspection of which each part may be left out. */
abstract class Telling implements Inspection {
    @Override
    public void invariant(NamedInvariant which, boolean holds, Object of) {}

    @Override
    public void remembers(NamedInvariant which, Object of, long count) {}

    @Override
    public void keeps(String what, long now, long most) {}

    @Override
    public void mayForget(String what, long count) {}

    @Override
    public void accepted(long writes) {}

    @Override
    public void owes(String what, long count) {}

    /** How many writes a replica has accepted that have still to be handed on. */
    static long acceptedBy(ReplicaView view) {
        long[] sum = {0};
        view.inspect(new Telling() {
            @Override
            public void accepted(long writes) {
                sum[0] += writes;
            }
        });
        return sum[0];
    }
}
