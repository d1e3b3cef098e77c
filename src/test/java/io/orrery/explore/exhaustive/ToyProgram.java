package io.orrery.explore.exhaustive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small program of a test: what a receiver does is a function of what it has had so far. */
final class ToyProgram implements Program {
    /** An event with a name that tells its whole causal past. */
    static final class Named extends Event {
        private final String name;

        Named(int receiver, Event cause, Event after, String name) {
            super(receiver, cause, after);
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What an event does at its receiver. */
    interface Behaviour {
        /**
         * @param had what the receiver has had, this event last
         * @param toy sends with {@link ToyProgram#send} and disables with {@link ToyProgram#disable}
         */
        void on(Named event, List<String> had, ToyProgram toy);
    }

    private final int receivers;
    private final Behaviour behaviour;
    private final Map<String, Named> interned = new HashMap<>();
    private final List<Named> initial = new ArrayList<>();
    private List<List<String>> had;
    private List<Named> pending;
    private Map<String, Event> lastOnLink = new HashMap<>();
    private Named now;
    private int sent;

    ToyProgram(int receivers, Behaviour behaviour) {
        this.receivers = receivers;
        this.behaviour = behaviour;
    }

    ToyProgram with(int receiver, String name) {
        initial.add(new Named(receiver, null, null, name));
        return this;
    }

    void send(int to, boolean inOrder) {
        send(to, inOrder, "");
    }

    /** @param said ends the name of the message, for its receiver to read */
    void send(int to, boolean inOrder, String said) {
        String history = now.receiver() + had.get(now.receiver()).toString();
        String link = now.receiver() + ">" + to;
        Event after = inOrder ? lastOnLink.get(link) : null;
        String name = "m" + Math.abs((history + "#" + sent++ + ">" + to).hashCode()) + "/" + now.receiver() + to + sent
                + said;
        Named message =
                interned.computeIfAbsent(history + "#" + sent + ">" + to, key -> new Named(to, now, after, name));
        lastOnLink.put(link, message);
        pending.add(message);
    }

    /** Nothing is left of what waits for the receiver and has a cause at the receiver itself. */
    void disable() {
        pending.removeIf(it -> it.receiver() == now.receiver()
                && it.cause() != null
                && it.cause().receiver() == now.receiver());
    }

    @Override
    public void restart() {
        had = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            had.add(new ArrayList<>());
        }
        pending = new ArrayList<>(initial);
        lastOnLink = new HashMap<>();
    }

    @Override
    public List<Event> enabled() {
        List<Event> enabled = new ArrayList<>();
        for (Named event : pending) {
            if (event.after() == null || !pending.contains(event.after())) {
                enabled.add(event);
            }
        }
        return enabled;
    }

    @Override
    public void execute(Event event) {
        if (!enabled().contains(event)) {
            throw new AssertionError(event + " is not enabled");
        }
        pending.remove(event);
        now = (Named) event;
        sent = 0;
        had.get(event.receiver()).add(event.toString());
        behaviour.on(now, had.get(event.receiver()), this);
    }

    /** Who has had what, in which order: what tells classes apart. */
    String form() {
        return had.toString();
    }
}
