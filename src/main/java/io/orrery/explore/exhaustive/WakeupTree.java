package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Program.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What has still to be explored after a prefix: a node of an ordered tree of events, whose paths are beginnings of
 * executions. No two paths begin one and the same execution (Abdulla et al., "Optimal Dynamic Partial Order Reduction",
 * POPL 2014).
 */
final class WakeupTree {
    private final Event event;
    private final List<WakeupTree> children = new ArrayList<>(2);

    /** @param event null for the root */
    WakeupTree(Event event) {
        this.event = event;
    }

    Event event() {
        return event;
    }

    List<WakeupTree> children() {
        return children;
    }

    /**
     * Sees to it that an execution which begins with these events, in an order that nobody can tell from this one, is on a
     * path of the tree.
     *
     * @param events used up by the call
     */
    void insert(List<Event> events) {
        WakeupTree node = this;
        while (true) {
            WakeupTree next = node.childThatMayComeFirst(events);
            if (next == null) {
                break;
            }
            events.remove(next.event);
            if (next.children.isEmpty()) {
                return; // A leaf: whatever follows will be explored there.
            }
            node = next;
        }
        for (Event one : events) {
            WakeupTree child = new WakeupTree(one);
            node.children.add(child);
            node = child;
        }
    }

    private WakeupTree childThatMayComeFirst(List<Event> events) {
        for (WakeupTree child : children) {
            if (mayComeFirst(child.event, events)) {
                return child;
            }
        }
        return null;
    }

    /**
     * Whether some execution that begins with these events is one that begins with this event, but for the order of what
     * is independent. The event is enabled before them.
     */
    static boolean mayComeFirst(Event event, List<Event> events) {
        for (Event other : events) {
            if (other.receiver() == event.receiver()) {
                return other == event;
            }
        }
        return true;
    }
}
