package io.orrery.simulation.oracle;

import io.orrery.clock.Dot;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Version;
import io.orrery.protocol.NamedInvariant;
import io.orrery.protocol.dissemination.Write;
import java.util.HashMap;
import java.util.Map;

/** A dot, and a version of a key, belong to one write, over all lives of all replicas. */
final class UniqueWrites extends Oracle {
    static final NamedInvariant NAME = new NamedInvariant(
            "one-dot-one-write", "A dot belongs to one write, and a version of a key to one value, for ever.");

    private final Map<Key, Map<Version, Update>> versions = new HashMap<>();
    private final Map<Dot, Write> dots = new HashMap<>();

    UniqueWrites(Findings findings) {
        super(NAME, findings);
    }

    @Override
    public void applied(NodeId at, Update update) {
        isTheOnlyOne(update);
    }

    @Override
    public void superseded(NodeId at, Update update, Update by) {
        isTheOnlyOne(update);
    }

    private void isTheOnlyOne(Update told) {
        Update update = told.whole();
        Update other =
                versions.computeIfAbsent(update.key(), key -> new HashMap<>()).putIfAbsent(update.version(), update);
        require(
                other == null || other == update || other.value().equals(update.value()),
                () -> "two writes have one version: " + other + " and " + update);
        if (update instanceof Write write) {
            Write same = dots.putIfAbsent(write.dot(), write);
            require(
                    same == null || same == write || same.equals(write),
                    () -> "the dot " + write.dot() + " belongs to " + same + " and to " + write);
        }
    }
}
