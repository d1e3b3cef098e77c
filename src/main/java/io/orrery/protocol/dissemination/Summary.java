package io.orrery.protocol.dissemination;

import io.orrery.clock.VersionVector;
import io.orrery.protocol.PlausibilityCheck;
import java.util.List;

/**
 * Which writes a replica has: all that the vector counts, and the islands, which are ranges ahead of gaps. If there are
 * more islands than fit into a message, only the first are included.
 *
 * <p>Source: Malkhi and Terry, "Concise Version Vectors in WinFS", DISC 2005.
 */
public record Summary(VersionVector prefix, List<Range> islands) {
    public static final Summary NOTHING = new Summary(VersionVector.EMPTY, List.of());

    public Summary {
        islands = List.copyOf(islands);
    }

    /** Checks that the counts are plausible. */
    void check(PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.counts(prefix);
        long ahead = 0;
        for (Range island : islands) {
            island.check(plausibilityCheck);
            ahead += island.last() - island.first() + 1;
            plausibilityCheck.ahead(ahead);
        }
    }

    @Override
    public String toString() {
        return islands.isEmpty() ? prefix.toString() : prefix + " and " + islands;
    }
}
