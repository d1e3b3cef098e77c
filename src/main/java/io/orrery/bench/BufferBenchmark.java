package io.orrery.bench;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Start;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.SeededRandom;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Message;
import io.orrery.protocol.NoEffects;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.protocol.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The cost of buffering writes that arrive early and of delivering them. A replica of a causal protocol receives a
 * chain of writes by two others, each dependent on the one before, in some order of arrival. Only the protocol is
 * measured: its effects are counted, not carried out.
 */
public final class BufferBenchmark {
    private static final NodeId RECEIVER = NodeId.of("A");
    private static final List<NodeId> REPLICAS = List.of(RECEIVER, NodeId.of("B"), NodeId.of("C"));
    private static final int KEYS = 1_000;
    private static final Duration WARM_UP = Duration.ofSeconds(1);

    /** The order in which the writes arrive. */
    public enum Arrival {
        IN_ORDER,
        REVERSED,
        SHUFFLED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * One result.
     *
     * @param buffered how many writes were buffered on arrival
     * @param seconds the time until the last write was applied, by rounds
     */
    public record Figure(int writes, Arrival arrival, long buffered, Spread seconds) {
        /** The median time per write. */
        public double nanosPerWrite() {
            return seconds.median() * 1e9 / writes;
        }
    }

    private final ProtocolType protocol;
    private final int rounds;
    private final long seed;

    /**
     * @param rounds how often each result is measured, after a second of warm-up
     * @param seed decides the shuffled order
     */
    public BufferBenchmark(ProtocolType protocol, int rounds, long seed) {
        this.protocol = protocol;
        this.rounds = rounds;
        this.seed = seed;
    }

    /**
     * Measures each order of arrival with each number of writes.
     *
     * @param progress called after each result
     */
    public List<Figure> run(Consumer<String> progress, int... sizes) {
        List<Figure> figures = new ArrayList<>();
        for (int writes : sizes) {
            List<Arrived> chain = chain(writes);
            for (Arrival arrival : Arrival.values()) {
                figures.add(measure(ordered(chain, arrival), arrival));
                progress.accept(writes + " writes, " + arrival);
            }
        }
        return figures;
    }

    /** A message in transit to the receiver. */
    private record Arrived(NodeId from, Message message) {}

    private Figure measure(List<Arrived> arrivals, Arrival arrival) {
        long warm = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < warm) {
            deliver(arrivals, new Counter());
        }
        double[] seconds = new double[rounds];
        long buffered = 0;
        for (int i = 0; i < rounds; i++) {
            Counter counter = new Counter();
            seconds[i] = deliver(arrivals, counter);
            buffered = counter.buffered;
        }
        return new Figure(arrivals.size(), arrival, buffered, Spread.of(seconds));
    }

    /** Returns the time taken, in seconds. */
    private double deliver(List<Arrived> arrivals, Counter counter) {
        Protocol receiver = start(RECEIVER, counter);
        long began = System.nanoTime();
        for (Arrived arrived : arrivals) {
            receiver.message(arrived.from(), arrived.message());
        }
        double took = (System.nanoTime() - began) / 1e9;
        if (counter.done != arrivals.size()) {
            throw new IllegalStateException(counter.done + " of " + arrivals.size() + " writes were delivered");
        }
        return took;
    }

    private Protocol start(NodeId self, Effects effects) {
        Tuning usual = Tuning.DEFAULT;
        Tuning roomy = new Tuning(usual.antiEntropy(), usual.patience(), usual.batch(), Integer.MAX_VALUE);
        Protocol replica = protocol.create(new ReplicaSettings(self, REPLICAS, roomy), effects);
        replica.start(new Start(0, Start.NO_ID));
        return replica;
    }

    private List<Arrived> ordered(List<Arrived> chain, Arrival arrival) {
        List<Arrived> arrivals = new ArrayList<>(chain);
        if (arrival == Arrival.REVERSED) {
            Collections.reverse(arrivals);
        } else if (arrival == Arrival.SHUFFLED) {
            SeededRandom random = new SeededRandom(seed);
            for (int i = arrivals.size() - 1; i > 0; i--) {
                Collections.swap(arrivals, i, random.nextInt(i + 1));
            }
        }
        return arrivals;
    }

    /**
     * B and C write alternately, each after it has received the other's last write: every write depends on all before
     * it.
     */
    private List<Arrived> chain(int writes) {
        Writer one = new Writer(REPLICAS.get(1));
        Writer other = new Writer(REPLICAS.get(2));
        List<Arrived> chain = new ArrayList<>(writes);
        for (int i = 0; i < writes; i++) {
            Message update = one.write(i);
            chain.add(new Arrived(one.id, update));
            other.replica.message(one.id, update);
            Writer next = other;
            other = one;
            one = next;
        }
        return chain;
    }

    /** A replica that writes in one session; its messages to the receiver are kept. */
    private final class Writer extends Counter {
        private final NodeId id;
        private final Protocol replica;
        private Message update;
        private String session = "";

        Writer(NodeId id) {
            this.id = id;
            this.replica = start(id, this);
        }

        Message write(int number) {
            // A read first, so that the write also follows the other's last one in the session.
            request(new Operation.Read(Key.of("k" + Math.floorMod(number - 1, KEYS))));
            request(new Operation.Write(Key.of("k" + number % KEYS), Value.of(number)));
            return update;
        }

        private void request(Operation operation) {
            replica.request(new Asked(operation, session));
        }

        @Override
        public void send(NodeId to, Message message) {
            if (to.equals(RECEIVER) && message.key().isPresent()) {
                update = message;
            }
        }

        @Override
        public void reply(Request request, Outcome outcome) {
            session = outcome.session();
        }
    }

    private record Asked(Operation operation, String session) implements Request {
        @Override
        public boolean isOpen() {
            return true;
        }
    }

    /** Counts effects without carrying them out. */
    private static class Counter extends NoEffects {
        private long done;
        private long buffered;

        @Override
        public void applied(Update update) {
            done++;
        }

        @Override
        public void buffered(Update update, String waitsFor) {
            buffered++;
        }

        @Override
        public void superseded(Update update, Update by) {
            done++;
        }
    }
}
