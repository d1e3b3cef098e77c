package io.orrery.check;

import io.orrery.history.History;
import io.orrery.history.Op;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The texts about reads that no write explains, or more than one. */
final class ReadsFromText {
    private final ReadsFrom reads;

    ReadsFromText(ReadsFrom reads) {
        this.reads = reads;
    }

    /** The witness of a read of what nobody wrote. */
    Witness thinAir(int read, History history) {
        Op op = reads.ops.get(read);
        String why = op.version() != null && reads.countsVersions()
                ? ", but no write of that value made that version"
                : ", but nobody wrote that value to " + op.key() + " and it was not there at the start";
        List<Op> failed = history.ops().stream()
                .filter(w -> w.isFailed() && !w.isRead() && w.key().equals(op.key()))
                .filter(w -> Objects.equals(w.value(), op.value()))
                .limit(1)
                .toList();
        String instead = failed.isEmpty() ? "" : "; \"" + failed.get(0).words() + "\" did not happen";
        return Witness.of(
                "ThinAirRead",
                op.words() + why + instead + ".",
                Stream.concat(failed.stream(), Stream.of(op))
                        .sorted(Comparator.comparingInt(Op::number))
                        .toList());
    }

    /** The witness of two writes that are said to have made one version. */
    Witness sharedVersion(int[] writes) {
        Op first = reads.ops.get(writes[0]);
        Op second = reads.ops.get(writes[1]);
        return Witness.of(
                "SharedVersion",
                "\"" + first.words() + "\" and \"" + second.words() + "\" are two writes, and a version names one.",
                List.of(first, second));
    }

    /** The witness of reads for which there are too few writes, as each write makes one version, and no two the same. */
    Witness unmatched(int[] read) {
        Set<Object> shown = new HashSet<>();
        for (int i : read) {
            shown.add(reads.value[i]);
            version(i).ifPresent(shown::add);
        }
        return Witness.of(
                "ThinAirRead",
                "However these reads are matched with the writes of their values, a write would have made two versions, "
                        + "or two writes the same.",
                IntStream.range(0, reads.ops.size())
                        .filter(i -> shown.contains(reads.value[i])
                                || version(i).filter(shown::contains).isPresent())
                        .mapToObj(reads.ops::get)
                        .toList());
    }

    private Optional<Object> version(int i) {
        return Optional.ofNullable(reads.ops.get(i).version()).map(version -> List.of(reads.key[i], version));
    }

    /** Why it cannot be told which write a read saw. */
    Verdict.Undecided ambiguity(int read, BudgetMeter.Spent spent) {
        return new Verdict.Undecided(
                Verdict.Cause.REPEATED_VALUES,
                reads.ops.get(read).words()
                        + ", which was there more than once, and nothing tells which of those it saw; "
                        + "the model needs to know, and " + spent.getMessage() + " before all ways were tried");
    }
}
