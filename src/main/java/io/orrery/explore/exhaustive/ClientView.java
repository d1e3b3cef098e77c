package io.orrery.explore.exhaustive;

import io.orrery.check.CheckOptions;
import io.orrery.check.Checker;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.history.History;
import io.orrery.history.Recorder;
import io.orrery.model.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * What the clients of an execution saw, and which of it came necessarily before what. Between events that do not depend on each
 * other real time may have gone either way.
 */
final class ClientView {
    /** So many orders in real time are tried for one view. */
    private static final int MOST_ORDERS = 20_000;

    private static final CheckOptions OPTIONS = CheckOptions.DEFAULT.withStates(1_000_000);

    /** A moment at which clients ask or are answered. */
    private record Moment(Asking asked, List<LocalState.Answer> answers, long before) {}

    private final List<Moment> moments = new ArrayList<>();
    private final String shape;

    /**
     * @param states what each event has led to, in the order of the execution
     * @param realTime whether it matters what came before what in real time, beyond the order of each client
     */
    ClientView(List<LocalState> states, int receivers, boolean realTime) {
        List<String> parts = new ArrayList<>();
        long[] pastOf = new long[states.size()];
        long[] last = new long[receivers];
        for (int i = 0; i < pastOf.length; i++) {
            LocalState state = states.get(i);
            Happening event = state.last;
            long past = last[event.receiver()];
            if (event.cause() != null) {
                past |= pastOf[event.cause().place];
            }
            Asking asked = event instanceof Asking asking ? asking : null;
            if (asked != null || !state.answers.isEmpty()) {
                if (moments.size() == Long.SIZE) {
                    throw new IllegalArgumentException("more than " + Long.SIZE / 2 + " operations cannot be explored");
                }
                if (asked != null) {
                    parts.add(asked.name);
                }
                state.answers.forEach(answer -> parts.add(answer.text()));
                if (realTime) {
                    parts.add("<" + Long.toHexString(past));
                }
                moments.add(new Moment(asked, state.answers, past));
                past |= 1L << (moments.size() - 1);
            }
            pastOf[i] = past;
            last[event.receiver()] = past;
        }
        if (!realTime) {
            Collections.sort(parts);
        }
        shape = String.join(";", parts);
    }

    /** Equal only where clients saw the same. */
    String shape() {
        return shape;
    }

    /** All answers. */
    List<LocalState.Answer> answers() {
        List<LocalState.Answer> all = new ArrayList<>();
        moments.forEach(moment -> all.addAll(moment.answers()));
        return all;
    }

    /**
     * The verdict; on linearizable that on the worst order in real time.
     *
     * @param isSpent asked before each such order; once it is, the verdict is undecided if no violation was found
     */
    Verdict judge(Model model, BooleanSupplier isSpent) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            order.add(i);
        }
        Verdict verdict = Checker.check(history(order), model, OPTIONS);
        if (model != Model.LINEARIZABLE || !verdict.equals(Verdict.HOLDS)) {
            return verdict;
        }
        Set<String> seen = new HashSet<>();
        int[] left = {MOST_ORDERS};
        Verdict worst = worst(new ArrayList<>(), 0, seen, left, isSpent);
        if (worst == null && left[0] == 0) {
            return isSpent.getAsBoolean()
                    ? new Verdict.Undecided(Verdict.Cause.TIME, "not all orders in real time were tried")
                    : new Verdict.Undecided(
                            Verdict.Cause.STATES, "there are more than " + MOST_ORDERS + " orders in real time");
        }
        return worst == null ? Verdict.HOLDS : worst;
    }

    /** A verdict other than that it holds; null if there is none. */
    private Verdict worst(List<Integer> order, long done, Set<String> seen, int[] left, BooleanSupplier isSpent) {
        if (left[0] == 0 || isSpent.getAsBoolean()) {
            left[0] = 0;
            return null;
        }
        if (order.size() == moments.size()) {
            left[0]--;
            if (!seen.add(realTime(order))) {
                return null;
            }
            Verdict verdict = Checker.check(history(order), Model.LINEARIZABLE, OPTIONS);
            return verdict.equals(Verdict.HOLDS) ? null : verdict;
        }
        for (int i = 0; i < moments.size(); i++) {
            if ((done & 1L << i) == 0 && (moments.get(i).before() & ~done) == 0) {
                order.add(i);
                Verdict found = worst(order, done | 1L << i, seen, left, isSpent);
                order.remove(order.size() - 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    /** For each operation, which ones had returned when it was invoked. */
    private String realTime(List<Integer> order) {
        Map<String, String> before = new TreeMap<>();
        Set<String> returned = new TreeSet<>();
        for (int i : order) {
            Moment moment = moments.get(i);
            if (moment.asked() != null) {
                before.put(moment.asked().name, returned.toString());
            }
            moment.answers().forEach(answer -> returned.add(answer.asked().name));
        }
        return before.toString();
    }

    private History history(List<Integer> order) {
        List<io.orrery.history.Event> events = new ArrayList<>();
        Recorder recorder = new Recorder(events::add);
        Map<String, Recorder.Client> clients = new HashMap<>();
        Map<Asking, Recorder.Asked> open = new HashMap<>();
        long now = 0;
        for (int i : order) {
            Moment moment = moments.get(i);
            now += 1_000_000;
            if (moment.asked() != null) {
                Asking asked = moment.asked();
                open.put(
                        asked,
                        clients.computeIfAbsent(asked.ask.client(), recorder::client)
                                .asks(now, asked.at(), asked.ask.operation()));
            }
            for (LocalState.Answer answer : moment.answers()) {
                Outcome outcome = answer.outcome();
                open.get(answer.asked()).returns(now, outcome);
            }
        }
        return History.of(events);
    }
}
