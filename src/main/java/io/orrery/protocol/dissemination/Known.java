package io.orrery.protocol.dissemination;

import io.orrery.clock.VersionVector;
import io.orrery.protocol.Credible;
import java.util.List;

/**
 * Which writes a replica has: all that the vector counts, and the islands, which are ranges ahead of gaps. If there are
 * more islands than fit into a message, only the first are included.
 *
 * <p>Source: Malkhi and Terry, "Concise Version Vectors in WinFS", DISC 2005.
 */
public record Known(VersionVector prefix, List<Range> islands) {
    public static final Known NOTHING = new Known(VersionVector.EMPTY, List.of());

    public Known {
        islands = List.copyOf(islands);
    }

    /** Checks that the counts are plausible. */
    void check(Credible credible) {
        credible.counts(prefix);
        long ahead = 0;
        for (Range island : islands) {
            island.check(credible);
            ahead += island.last() - island.first() + 1;
            credible.ahead(ahead);
        }
    }

    @Override
    public String toString() {
        return islands.isEmpty() ? prefix.toString() : prefix + " and " + islands;
    }
}
