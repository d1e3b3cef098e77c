package org.example.chain;

import io.orrery.clock.VersionVector;
import io.orrery.model.CounterLimits;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.JournalEntry;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaStatus;
import io.orrery.protocol.Request;
import io.orrery.protocol.ServiceStatus;
import io.orrery.protocol.ServiceStatus.Service;
import io.orrery.protocol.ServiceStatus.Use;
import io.orrery.protocol.Timer;
import io.orrery.protocol.kit.DuplicateFilter;
import io.orrery.protocol.kit.Invariant;
import io.orrery.protocol.kit.UnansweredRequests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Chain replication with static membership. The replicas stand in a row, in the order of the file. The head orders writes, each
 * replica passes on to its successor what it has, and a write returns when the tail has it. Reads are served by the tail, so
 * a read sees what has returned, and nothing that a crash could take back. Any replica may be asked: it hands the operation
 * to the head or the tail. A replica that is down stops writes until it is back; what it had is on its disk, and what it
 * missed its predecessor passes on again.
 *
 * <p>Source: van Renesse and Schneider, "Chain Replication for Supporting High Throughput and Availability", OSDI 2004,
 * without its master: who is in the chain does not change.
 */
final class Chain implements Protocol {
    private enum Alarm implements Timer {
        RESEND
    }

    /** Who waits until the tail has a write. */
    private record Waiter(NodeId from, ChainMessage.Told answer) {}

    private final ReplicaSettings settings;
    private final Effects effects;
    private final NodeId head;
    private final NodeId tail;
    /** Null at the head. */
    private final NodeId predecessor;
    /** Null at the tail. */
    private final NodeId successor;

    private final Map<Key, Item> store = new TreeMap<>();
    /** What the store shows, in its order. */
    private final TreeMap<Long, Item> current = new TreeMap<>();
    /** All writes up to this number are here, or one that took their place. */
    private long last;
    /** So many are known to be at the tail. */
    private long stable;
    /** So many the successor has said that it has. */
    private long successorHas;
    /** So many have been sent to it. */
    private long sent;

    /** Tells this start from every other, so that its numbers are used once. */
    private String start = "";
    /** The requests of clients that are not answered. */
    private final UnansweredRequests<Request> asked = new UnansweredRequests<>();
    /** At the head: the places of what it has ordered, by the start that asked. */
    private final Map<String, DuplicateFilter<Long>> ordered = new TreeMap<>();
    /** At the head: who is answered when the tail has a write, by its number. */
    private final TreeMap<Long, Waiter> waiters = new TreeMap<>();
    private boolean isArmed;

    Chain(ReplicaSettings settings, Effects effects) {
        this.settings = settings;
        this.effects = effects;
        List<NodeId> chain = settings.replicas();
        int place = chain.indexOf(settings.self());
        head = chain.get(0);
        tail = chain.get(chain.size() - 1);
        predecessor = place == 0 ? null : chain.get(place - 1);
        successor = place == chain.size() - 1 ? null : chain.get(place + 1);
    }

    @Override
    public void recover(JournalEntry entry) {
        if (entry instanceof Item item) {
            show(item);
            last = Math.max(last, item.number());
        } else if (entry instanceof Ordered orders) {
            ordered.put(orders.start(), orders.recovered());
        }
    }

    @Override
    public void start(Start begun) {
        start = begun.id().toString();
        // Until the successor says otherwise.
        successorHas = last;
        sent = last;
        stable = successor == null ? last : 0;
        arm();
    }

    @Override
    public void request(Request request) {
        if (request.operation() instanceof Operation.HandMadeWrite) {
            effects.reply(
                    request,
                    new Outcome.Refused(Outcome.Reason.INVALID, "a chain takes no writes made by hand"));
            return;
        }
        ask(asked.add(request), request);
        arm();
    }

    private void ask(long asking, Request request) {
        NodeId whom = request.operation() instanceof Operation.Read ? tail : head;
        send(whom, new ChainMessage.Ask(start, asking, asked.oldest(), request.operation()));
    }

    private void send(NodeId to, ChainMessage message) {
        if (to.equals(settings.self())) {
            message(to, message);
        } else {
            effects.send(to, message);
        }
    }

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof ChainMessage.Ask ask) {
            answer(from, ask);
        } else if (message instanceof ChainMessage.Told told && told.start().equals(start)) {
            Request request = asked.remove(told.number());
            if (request != null) {
                effects.reply(
                        request, new Outcome.Done(told.value(), told.version(), Outcome.Status.APPLIED, ""));
            }
        } else if (message instanceof ChainMessage.Pass pass && from.equals(predecessor)) {
            take(pass);
        } else if (message instanceof ChainMessage.Have have && from.equals(successor)) {
            successorHas = Math.min(have.upTo(), last);
            becameStable(have.stable());
        }
    }

    private void answer(NodeId from, ChainMessage.Ask ask) {
        Optional<Item> found = Optional.ofNullable(store.get(ask.operation().key()));
        if (!(ask.operation() instanceof Operation.Read)) {
            order(from, ask);
        } else if (successor == null) {
            send(
                    from,
                    new ChainMessage.Told(
                            ask.start(), ask.number(), found.flatMap(Item::value), found.map(Item::version)));
        }
    }

    private void order(NodeId from, ChainMessage.Ask ask) {
        if (predecessor != null) {
            return;
        }
        DuplicateFilter<Long> places = ordered.computeIfAbsent(ask.start(), asker -> new DuplicateFilter<>());
        places.settle(ask.oldest() - 1);
        Optional<Value> value = ask.operation() instanceof Operation.Write write
                ? Optional.of(write.value())
                : Optional.empty();
        if (places.isNew(ask.number())) {
            places.put(ask.number(), CounterLimits.next(last));
            effects.persist(Ordered.of(ask.start(), places));
            append(new Item(ask.operation().key(), value, version(CounterLimits.next(last))));
            last = CounterLimits.next(last);
        }
        Long place = places.get(ask.number());
        if (place == null) {
            return; // Whoever asked has had the answer.
        }
        waiters.put(
                place,
                new Waiter(
                        from, new ChainMessage.Told(ask.start(), ask.number(), value, Optional.of(version(place)))));
        advanced();
    }

    private Version version(long place) {
        return new Version(place, Origin.of(head.name()));
    }

    /** A pass is complete: who has all up to its beginning has all up to its end. */
    private void take(ChainMessage.Pass pass) {
        if (pass.after() <= last && pass.upTo() > last) {
            pass.items().stream().filter(item -> item.number() > last).forEach(this::append);
            last = pass.upTo();
            advanced();
        } else {
            effects.send(predecessor, new ChainMessage.Have(last, stable));
        }
    }

    private void append(Item item) {
        Invariant.check(item.number() > last, "a chain applies each write once, in its order", item.number(), last);
        effects.persist(item);
        show(item);
        effects.applied(item);
    }

    private void show(Item item) {
        Item before = store.get(item.key());
        if (before == null || before.number() < item.number()) {
            store.put(item.key(), item);
            current.put(item.number(), item);
            if (before != null) {
                current.remove(before.number());
            }
        }
    }

    private void advanced() {
        if (successor != null) {
            pass();
        }
        if (predecessor != null) {
            effects.send(predecessor, new ChainMessage.Have(last, successor == null ? last : stable));
        }
        becameStable(successor == null ? last : stable);
        arm();
    }

    private void pass() {
        effects.send(
                successor,
                new ChainMessage.Pass(sent, List.copyOf(current.tailMap(sent, false).values()), last));
        sent = last;
    }

    private void becameStable(long upTo) {
        if (upTo > stable) {
            stable = upTo;
            if (predecessor != null) {
                effects.send(predecessor, new ChainMessage.Have(last, stable));
            }
        }
        while (!waiters.isEmpty() && waiters.firstKey() <= stable) {
            Waiter waiter = waiters.pollFirstEntry().getValue();
            send(waiter.from(), waiter.answer());
        }
    }

    /** Whatever is not answered is sent again. */
    private void arm() {
        if (!isArmed && (!asked.isEmpty() || stable < last)) {
            isArmed = true;
            effects.setTimer(Alarm.RESEND, settings.tuning().patience());
        }
    }

    @Override
    public void timer(Timer timer) {
        isArmed = false;
        asked.removeIf(request -> !request.isOpen());
        // The head and the tail may answer themselves at once.
        new TreeMap<>(asked.open()).forEach(this::ask);
        if (successor != null && stable < last) {
            sent = successorHas;
            pass();
        }
        arm();
    }

    @Override
    public void reachable(NodeId peer) {}

    @Override
    public long counted() {
        return last;
    }

    @Override
    public ServiceStatus serviceStatus() {
        Service reads = successor == null ? Service.alone("reads", Use.READS) : Service.with(tail, "reads", Use.READS);
        List<NodeId> peers = settings.peers();
        return new ServiceStatus(
                List.of(),
                List.of(),
                List.of(reads, new Service("writes", Use.WRITES, peers, peers.size(), List.of())));
    }

    @Override
    public Optional<Item> lookup(Key key) {
        return Optional.ofNullable(store.get(key));
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        store.values().forEach(action);
    }

    @Override
    public Object clock() {
        return last;
    }

    @Override
    public ReplicaStatus status() {
        int tombstones = (int) store.values().stream().filter(Update::isTombstone).count();
        VersionVector known = VersionVector.of(last == 0 ? Map.of() : Map.of(Origin.of(head.name()), last));
        return new ReplicaStatus(
                String.valueOf(last),
                known,
                store.size() - tombstones,
                tombstones,
                List.of(),
                new TreeMap<>(),
                ReplicaStatus.Memory.NONE);
    }
}
