package io.orrery.history;

import io.orrery.model.Key;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the values of the versions that operations were told to compare with: the models, and other tools, go by values. A version
 * that nobody in the history has written or read has no value here; then only that there was a write can be judged. A cas that did
 * not match says nothing where its value was written more than once, as it may have found the same value at another version.
 */
final class ComparedVersions {
    private record Written(Key key, Version version) {}

    private record Content(Key key, Value value) {}

    private final List<Op> ops;
    private final Map<Written, Content> contents = new HashMap<>();
    private final Map<Content, Integer> writes = new HashMap<>();

    private ComparedVersions(List<Op> ops) {
        this.ops = ops;
        for (Op op : ops) {
            boolean hasContent = op.isOk() && op.version() != null && !op.isMismatch();
            if (hasContent) {
                contents.put(new Written(op.key(), op.version()), new Content(op.key(), op.value()));
            }
            if (!op.isRead() && !op.isMismatch() && !op.isFailed()) {
                writes.merge(new Content(op.key(), op.value()), 1, Integer::sum);
            }
        }
    }

    /** The events with values in the place of versions; the same list where no operation compares with a version. */
    static List<Event> resolve(List<Event> events, List<Op> ops) {
        return ops.stream().anyMatch(ComparedVersions::isToFind) ? new ComparedVersions(ops).resolve(events) : events;
    }

    private static boolean isToFind(Op op) {
        return op.isCas() && op.invocation().version() != null && op.expected() == null;
    }

    private List<Event> resolve(List<Event> events) {
        List<Event> resolved = new ArrayList<>(events);
        Map<Event, Integer> places = new IdentityHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            places.put(events.get(i), i);
        }
        for (Op op : ops) {
            if (isToFind(op)) {
                Content compared =
                        contents.get(new Written(op.key(), op.invocation().version()));
                resolved.set(op.invokedAt(), invocation(op, compared));
                if (op.completion() != null) {
                    resolved.set(places.get(op.completion()), completion(op, compared));
                }
            }
        }
        return resolved;
    }

    private static Event invocation(Op op, Content compared) {
        boolean isUnclear = compared == null && !op.isMismatch();
        return isUnclear ? op.invocation().withoutComparison() : with(op.invocation(), compared);
    }

    private Event completion(Op op, Content compared) {
        if (op.isMismatch() && (compared == null || isThereTwice(compared))) {
            return with(op.completion(), compared)
                    .withoutEffect("did not match version " + op.invocation().version());
        }
        return compared == null ? op.completion().withoutComparison() : with(op.completion(), compared);
    }

    private static Event with(Event event, Content compared) {
        return compared == null ? event : event.comparingWith(compared.value());
    }

    private boolean isThereTwice(Content content) {
        int atTheStart = content.value() == null ? 1 : 0;
        return writes.getOrDefault(content, 0) + atTheStart > 1;
    }
}
