package io.orrery.check;

import io.orrery.history.Op;
import io.orrery.model.Version;
import java.util.ArrayList;
import java.util.List;

/** Describes operations and orders of operations in words. */
final class WitnessText {
    private final Execution execution;

    WitnessText(Execution execution) {
        this.execution = execution;
    }

    /** {@code carol read x = 1}. */
    String of(int i) {
        int teller = execution.rank[i] < 0 ? -1 : execution.teller(i);
        return teller < 0 ? execution.op[i].words() : learned(execution.op[i], execution.op[teller].version());
    }

    /** A write whose client never learned its version. */
    static String learned(Op write, Version version) {
        return write.words() + ", read at version " + version;
    }

    /** The same without who did it: {@code read x = 1}. */
    String did(int i) {
        return of(i).substring(who(i).length() + 1);
    }

    String who(int i) {
        return execution.op[i].process();
    }

    /** Only the key and value: {@code x = 1}. */
    String what(int i) {
        String did = did(i);
        return did.startsWith("deleted")
                ? "the deletion of " + execution.op[i].key()
                : did.substring(did.indexOf(' ') + 1);
    }

    /** What the same process did before, as in "after reading x = 1". */
    String doing(int i) {
        String did = did(i);
        String verb = did.substring(0, did.indexOf(' '));
        String gerund = verb.equals("read") ? "reading" : verb.equals("wrote") ? "writing" : "deleting";
        return gerund + did.substring(verb.length());
    }

    /** A chain of operations, each of which comes before the next in its process or because the next one read it. */
    String chain(int[] path) {
        StringBuilder text = new StringBuilder(of(path[0]));
        for (int s = 1; s < path.length; s++) {
            boolean same = execution.process[path[s]] == execution.process[path[s - 1]];
            text.append(same ? ", then " + did(path[s]) : "; " + of(path[s]));
        }
        return text.toString();
    }

    /** Why one operation of a cycle comes before the next, unless it is obvious. */
    interface Reason {
        /** The reason, or null where the order of a process or a read says it. */
        String of(int before, int after);
    }

    /** A cycle, step by step. */
    String circle(int[] cycle, Reason reason) {
        List<String> steps = new ArrayList<>();
        for (int s = 0; s < cycle.length; s++) {
            int a = cycle[s];
            int b = cycle[(s + 1) % cycle.length];
            String why = reason.of(a, b);
            if (why == null) {
                boolean same = execution.process[a] == execution.process[b];
                why = same ? "it is the order of " + who(a) : "it was read there";
            }
            steps.add("\"" + of(a) + "\" comes before \"" + of(b) + "\": " + why);
        }
        return String.join("; ", steps) + ". So each of them would come before itself.";
    }
}
