package io.orrery.check;

import io.orrery.history.Op;
import io.orrery.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;

/** A session guarantee, straight from the definition in the Javadoc of {@link SessionFinder}. */
final class SessionTwin {
    private final Twins twins;
    private final Model model;
    private final List<Op> all;

    SessionTwin(Twins twins, Model model) {
        this.twins = twins;
        this.model = model;
        all = twins.effective();
    }

    /** By trying all orders of the writes to each key; none of the reads may be from nowhere. */
    boolean holds(Map<Key, Boolean> versioned) {
        for (Key key : versioned.keySet()) {
            List<Op> writes = all.stream()
                    .filter(op -> op.isWrite() && op.key().equals(key))
                    .toList();
            BiPredicate<Op, Op> own = (a, b) -> !versioned.get(key) && twins.processOrder(a, b);
            if (!twins.orders(writes, own, order -> fits(key, order))) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(Key key, List<Op> order) {
        for (Op w : order) {
            for (Op earlier : all) {
                if (!twins.processOrder(earlier, w) || !earlier.key().equals(key)) {
                    continue;
                }
                Op first = model == Model.MONOTONIC_WRITES && earlier.isWrite()
                        ? earlier
                        : model == Model.WRITES_FOLLOW_READS && earlier.isRead() ? twins.source(earlier) : null;
                if (first != null && order.indexOf(first) > order.indexOf(w)) {
                    return false;
                }
            }
        }
        return all.stream()
                .filter(op -> op.isRead() && op.key().equals(key))
                .allMatch(read -> mustHave(read).stream()
                        .filter(w -> w.key().equals(key))
                        .allMatch(w -> order.indexOf(w) <= order.indexOf(twins.source(read))));
    }

    private List<Op> mustHave(Op read) {
        List<Op> before =
                all.stream().filter(op -> twins.processOrder(op, read)).toList();
        List<Op> found = new ArrayList<>();
        switch (model) {
            case READ_YOUR_WRITES -> before.stream().filter(Op::isWrite).forEach(found::add);
            case MONOTONIC_READS ->
                before.stream()
                        .filter(op -> op.isRead() && op.key().equals(read.key()))
                        .map(twins::source)
                        .filter(Objects::nonNull)
                        .forEach(found::add);
            default -> {
                List<Op> looks = new ArrayList<>(before.stream()
                        .filter(op -> op.isRead() && Objects.equals(op.node(), read.node()))
                        .toList());
                looks.add(read);
                for (Op look : looks) {
                    Op seen = twins.source(look);
                    List<Op> first = new ArrayList<>();
                    for (Op earlier : all) {
                        if (seen != null
                                && twins.processOrder(earlier, seen)
                                && earlier.key().equals(read.key())) {
                            if (model == Model.MONOTONIC_WRITES && earlier.isWrite()) {
                                first.add(earlier);
                            } else if (model == Model.WRITES_FOLLOW_READS
                                    && earlier.isRead()
                                    && twins.source(earlier) != null) {
                                first.add(twins.source(earlier));
                            }
                        }
                    }
                    found.addAll(first);
                    if (!first.isEmpty() && seen.key().equals(read.key())) {
                        found.add(seen);
                    }
                }
            }
        }
        return found;
    }
}
