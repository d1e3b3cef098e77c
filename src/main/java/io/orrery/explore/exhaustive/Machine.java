package io.orrery.explore.exhaustive;

import io.orrery.explore.exhaustive.Happening.Arrival;
import io.orrery.explore.exhaustive.Happening.Asking;
import io.orrery.explore.exhaustive.Happening.Firing;
import io.orrery.explore.exhaustive.Happening.Striking;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.network.Fault;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * One replica of a scenario under exploration: its protocol, run alone. What it keeps is on its disk at once. States are
 * remembered; the protocol runs only where a state is new, from the last start on where it has gone another way since.
 */
final class Machine {
    private final ProtocolType type;
    private final ReplicaSettings settings;
    private final int index;
    private final Function<NodeId, Integer> indexOf;
    /** How many timers may fire. */
    private final int depth;
    /** Makes what a client does after an answer; null where it has nothing left to do. */
    private final Next next;

    private final List<Arrival> greetings = new ArrayList<>();

    private LocalState root;
    /** The state in which the protocol is. */
    private LocalState live;

    private Protocol protocol;
    private List<JournalEntry> journal = new ArrayList<>();
    private Map<Asking, Asked> asked = new HashMap<>();
    /** The new state, whose effects are recorded; null where nothing is. */
    private LocalState recorded;

    /** What a client does after an answer. */
    interface Next {
        /** Null where it has nothing left to do. */
        Happening after(Asking asked, Outcome outcome, Happening cause);
    }

    private static final class Asked implements Request {
        private final Asking asking;
        private boolean isOpen = true;

        Asked(Asking asking) {
            this.asking = asking;
        }

        @Override
        public Operation operation() {
            return asking.ask.operation();
        }

        @Override
        public String session() {
            return asking.session;
        }

        @Override
        public boolean isOpen() {
            return isOpen;
        }
    }

    Machine(ProtocolType type, ReplicaSettings settings, Function<NodeId, Integer> indexOf, int depth, Next next) {
        this.type = type;
        this.settings = settings;
        this.index = indexOf.apply(settings.self());
        this.indexOf = indexOf;
        this.depth = depth;
        this.next = next;
        this.root = new LocalState(null, null);
        root.life = 1;
        this.recorded = root;
        this.live = root;
        begin(List.of(), 1);
    }

    /** The replica as the scenario begins. */
    LocalState root() {
        return root;
    }

    /** A message of the greeting arrives, before the beginning. */
    List<Arrival> greet(Arrival greeting) {
        greetings.add(greeting);
        root.made.removeIf(it -> it instanceof Arrival);
        protocol.message(greeting.from, greeting.message);
        return greetingsSent();
    }

    /** The messages of the greeting that were sent last. */
    List<Arrival> greetingsSent() {
        List<Arrival> sent = new ArrayList<>();
        root.made.forEach(it -> {
            if (it instanceof Arrival arrival) {
                sent.add(arrival);
            }
        });
        root.made.removeIf(it -> it instanceof Arrival);
        return sent;
    }

    /** The greeting is over: only timers are left of it. */
    void greeted() {
        recorded = null;
        root.made.clear();
        root.stopped.clear();
        root.journal = List.copyOf(journal);
        if (depth > 0) {
            root.made.addAll(root.timers.values());
        } else {
            root.timers.clear();
        }
    }

    ReplicaSettings settings() {
        return settings;
    }

    /** The messages by which the replicas met, before the beginning. */
    List<Arrival> greetings() {
        return greetings;
    }

    /** @param life how often the replica has been started, this time included */
    Start start(int life) {
        return new Start(life - 1, new UUID(index + 1, life));
    }

    /** The state after a further event. */
    LocalState after(LocalState state, Happening happening) {
        LocalState known = state.next(happening);
        if (known == null) {
            goTo(state);
            known = new LocalState(state, happening);
            recorded = known;
            perform(known);
            recorded = null;
            state.remember(known);
        }
        return known;
    }

    /** What the replica holds in a state in which it runs. */
    Holding holding(LocalState state) {
        if (state.holding == null) {
            goTo(state);
            state.holding = new Holding(protocol);
        }
        return state.holding;
    }

    private void goTo(LocalState state) {
        if (live == state) {
            return;
        }
        Deque<LocalState> way = new ArrayDeque<>();
        LocalState from = state;
        while (from != live && from.before != null && !isStart(from)) {
            way.push(from);
            from = from.before;
        }
        if (from != live) {
            live = from;
            if (from.isUp) {
                begin(from.before == null ? List.of() : from.before.journal, from.life);
                if (from.before == null) {
                    greetings.forEach(it -> protocol.message(it.from, it.message));
                }
            } else {
                protocol = null;
            }
        }
        for (LocalState one : way) {
            perform(one);
        }
    }

    /** Whether the protocol begins anew here, or does not run. */
    private static boolean isStart(LocalState state) {
        return state.last instanceof Striking;
    }

    private void begin(List<JournalEntry> found, int life) {
        asked = new HashMap<>();
        journal = new ArrayList<>(found);
        protocol = type.create(settings, new Recorded());
        found.forEach(protocol::recover);
        protocol.start(start(life));
    }

    private void perform(LocalState state) {
        live = state;
        Happening happening = state.last;
        state.timers.values().remove(happening);
        if (happening instanceof Striking striking) {
            strike(state, striking.fault);
        } else if (!state.isUp) {
            if (happening instanceof Asking asking && recorded != null) {
                answer(
                        asking,
                        new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "replica " + settings.self() + " is down"));
            }
        } else {
            attempt(state, () -> input(state, happening));
        }
        if (recorded != null && state.fired >= depth) {
            state.stopped.addAll(state.timers.values());
            state.made.removeIf(it -> it instanceof Firing);
            state.timers.clear();
        }
    }

    private void input(LocalState state, Happening happening) {
        if (happening instanceof Arrival arrival) {
            protocol.message(arrival.from, arrival.message);
        } else if (happening instanceof Firing firing) {
            protocol.timer(firing.timer);
        } else if (happening instanceof Asking asking) {
            Asked request = new Asked(asking);
            asked.put(asking, request);
            if (recorded != null) {
                state.open.add(asking);
            }
            protocol.request(request);
        }
    }

    private void attempt(LocalState state, Runnable input) {
        try {
            input.run();
        } catch (RuntimeException e) {
            state.failure = settings.self() + " failed: " + e.getMessage();
            crash(state, List.copyOf(journal));
        }
    }

    private void strike(LocalState state, Fault.OfReplica fault) {
        List<JournalEntry> disk = state.before.isUp ? diskOf() : state.before.journal;
        boolean isWipe = fault instanceof Fault.Wipe;
        crash(state, isWipe ? List.of() : disk);
        if (fault instanceof Fault.Restart) {
            // The state before has to tell what is found on the disk.
            state.before.journal = disk;
            state.isUp = true;
            state.life++;
            attempt(state, () -> begin(disk, state.life));
        }
    }

    private List<JournalEntry> diskOf() {
        return List.copyOf(journal);
    }

    private void crash(LocalState state, List<JournalEntry> disk) {
        protocol = null;
        state.isUp = false;
        state.journal = disk;
        if (recorded != null) {
            state.stopped.addAll(state.timers.values());
            state.timers.clear();
            for (Asking open : List.copyOf(state.open)) {
                answer(open, new Outcome.Unknown("replica " + settings.self() + " has crashed"));
            }
        }
    }

    private void answer(Asking asking, Outcome outcome) {
        recorded.answers.add(new LocalState.Answer(asking, outcome));
        recorded.open.remove(asking);
        Happening further = next.after(asking, outcome, recorded.last);
        if (further != null) {
            recorded.made.add(further);
        }
    }

    /** Records effects where the state is new, and drops them where they are known. */
    private final class Recorded extends NoEffects {
        @Override
        public void send(NodeId to, Message message) {
            if (recorded != null) {
                recorded.made.add(new Arrival(settings.self(), to, indexOf.apply(to), message, recorded.last));
            }
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            Asked one = (Asked) request;
            if (one.isOpen && recorded != null) {
                answer(one.asking, outcome);
            }
            one.isOpen = false;
        }

        @Override
        public void persist(JournalEntry entry) {
            journal.add(entry);
        }

        @Override
        public void setTimer(Timer timer, Duration after) {
            if (recorded == null) {
                return;
            }
            Firing firing = new Firing(settings.self(), index, timer, recorded.last);
            Firing replaced = recorded.timers.put(timer.name(), firing);
            if (replaced != null && !recorded.made.remove(replaced)) {
                recorded.stopped.add(replaced);
            }
            recorded.made.add(firing);
        }
    }
}
