package io.orrery.check;

import io.orrery.history.Op;
import java.util.List;
import java.util.Objects;

/**
 * Why a history violates a model.
 *
 * @param pattern the name of what was found: a bad pattern of Bouajjani et al. (POPL 2017) such as {@code WriteCORead}, or
 *     {@code ThinAirRead}, {@code OverlappingZones} and the like
 * @param explanation the same in words
 * @param operations the operations that show it, by invocation: without any one of them (and the reads of it, if it is
 *     a write) the rest would show nothing, unless the search for fewer ran out of its time. Where values repeat, they
 *     show it for one way to match reads with writes
 * @param partial for {@code linearizable}, the longest order that was found before it got stuck; else empty
 * @param unplaced for {@code linearizable}, the operation that could not be placed after it; else null
 */
public record Witness(String pattern, String explanation, List<Op> operations, List<Op> partial, Op unplaced) {
    public Witness {
        Objects.requireNonNull(pattern, "pattern");
        Objects.requireNonNull(explanation, "explanation");
        operations = List.copyOf(operations);
        partial = List.copyOf(partial);
    }

    static Witness of(String pattern, String explanation, List<Op> operations) {
        return new Witness(pattern, explanation, operations, List.of(), null);
    }
}
