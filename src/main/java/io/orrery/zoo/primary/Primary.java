package io.orrery.zoo.primary;

import io.orrery.clock.VersionVector;
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
import io.orrery.protocol.Promises;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import io.orrery.protocol.Request;
import io.orrery.protocol.SelfChecks;
import io.orrery.protocol.Timer;
import io.orrery.protocol.Vocabulary;
import io.orrery.zoo.kit.SmallReplica;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A log that the first replica orders: an entry is committed when a majority has it on disk, and shown then. Any replica may be
 * asked, and hands the operation to the leader. A read is answered when all is committed that was in the log when it came. The
 * leader does not change; a replica that was down gets what it lacks.
 *
 * <p>Source: Oki and Liskov, "Viewstamped Replication", PODC 1988, in one view that never ends.
 */
class Primary extends SmallReplica<Entry> {
    static final ProtocolType TYPE = new ProtocolType(
                    "zoo-primary",
                    "one leader orders, a majority keeps; linearizable",
                    Vocabulary.of(List.of("forward", "answer", "append", "ack"), PrimaryMessage.class, Entry.class),
                    Primary::new)
            .promising(Promises.toMoving("linearizable", "converged"))
            .led(ProtocolType.Leadership.QUORUM)
            .checked(new SelfChecks(List.of(), settings -> settings.replicas().size() / 2 + 1));

    private enum Alarm implements Timer {
        RESEND
    }

    /** Somebody whom the leader answers when this much is committed. */
    private record Waiter(NodeId from, PrimaryMessage.Forward forward, long place) {}

    protected final NodeId leader;
    /** Tells this start from all others. */
    protected String life = "";

    private long asked;
    private final Map<Long, Request> open = new TreeMap<>();

    protected final List<Entry> log = new ArrayList<>();
    protected long committed;

    /** At the leader: the place of each request in the log. */
    protected final Map<Entry.Call, Long> ordered = new HashMap<>();
    /** At the leader: how many entries each follower has. */
    protected final Map<NodeId, Long> acknowledged = new TreeMap<>();

    private final Map<Entry.Call, Waiter> waiters = new LinkedHashMap<>();
    private boolean isArmed;

    Primary(ReplicaSettings settings, Effects effects) {
        super(settings, effects);
        leader = settings.replicas().get(0);
        settings.peers().forEach(peer -> acknowledged.put(peer, 0L));
    }

    protected final boolean leads() {
        return self.equals(leader);
    }

    @Override
    public void recover(JournalEntry entry) {
        add((Entry) entry);
    }

    @Override
    public void start(Start start) {
        life = start.id().toString();
        tellOthers();
        arm();
    }

    /** The leader sends followers what they may lack, a follower tells the leader what it has. */
    private void tellOthers() {
        if (leads()) {
            settings.peers().stream().filter(this::lacks).forEach(this::replicate);
        } else if (committed < log.size()) {
            effects.send(leader, new PrimaryMessage.Ack(log.size(), true));
        }
    }

    private boolean lacks(NodeId follower) {
        return acknowledged.get(follower) < log.size();
    }

    @Override
    public void request(Request request) {
        if (request.operation() instanceof Operation.HandMadeWrite) {
            refuse(request, "it takes no writes made by hand");
            return;
        }
        open.put(++asked, request);
        forward(asked, request);
        arm();
    }

    private void forward(long number, Request request) {
        send(leader, new PrimaryMessage.Forward(new Entry.Call(life, number), request.operation()));
    }

    private void send(NodeId to, PrimaryMessage message) {
        if (to.equals(self)) {
            message(self, message);
        } else {
            effects.send(to, message);
        }
    }

    @Override
    public void message(NodeId from, Message message) {
        if (message instanceof PrimaryMessage.Forward forward) {
            order(from, forward);
        } else if (message instanceof PrimaryMessage.Answer answer) {
            answered(answer);
        } else if (message instanceof PrimaryMessage.Append append) {
            append(append);
        } else if (message instanceof PrimaryMessage.Ack ack) {
            acknowledged(from, ack.upTo());
            if (ack.asks()) {
                replicate(from);
            }
        }
        arm();
    }

    private void answered(PrimaryMessage.Answer answer) {
        if (isMine(answer.call())) {
            Request request = open.remove(answer.call().number());
            if (request != null) {
                effects.reply(request, new Outcome.Done(answer.value(), answer.version(), Outcome.Status.APPLIED, ""));
            }
        }
    }

    /** Whether this start has made the call. */
    protected boolean isMine(Entry.Call call) {
        return call.life().equals(life);
    }

    // At the leader.

    private void order(NodeId from, PrimaryMessage.Forward forward) {
        Operation operation = forward.operation();
        long place = log.size();
        if (!(operation instanceof Operation.Read)) {
            place = placeOf(forward).orElseGet(() -> {
                Optional<Value> value =
                        operation instanceof Operation.Write write ? Optional.of(write.value()) : Optional.empty();
                Version version = new Version(log.size() + 1, new Origin(leader, 0));
                Entry entry = new Entry(operation.key(), value, version, forward.call());
                effects.persist(entry);
                add(entry);
                settings.peers().forEach(this::replicate);
                return entry.place();
            });
        }
        waiters.put(forward.call(), new Waiter(from, forward, place));
        answerWaiters();
    }

    /** Where the log has the request already. */
    protected Optional<Long> placeOf(PrimaryMessage.Forward forward) {
        return Optional.ofNullable(ordered.get(forward.call()));
    }

    /** Sends a follower what it lacks. */
    protected void replicate(NodeId peer) {
        int from = Math.toIntExact(acknowledged.get(peer));
        effects.send(peer, new PrimaryMessage.Append(List.copyOf(log.subList(from, log.size())), committed));
    }

    protected void acknowledged(NodeId by, long upTo) {
        acknowledged.merge(by, Math.min(upTo, log.size()), Math::max);
        commit(committable());
    }

    /** How much a majority has, the leader among them. */
    protected long committable() {
        List<Long> counts = new ArrayList<>(acknowledged.values());
        counts.sort(Collections.reverseOrder());
        int followers = settings.replicas().size() / 2;
        return followers == 0 ? log.size() : counts.get(followers - 1);
    }

    private void answerWaiters() {
        if (settings.peers().isEmpty()) {
            commit(log.size());
        }
        for (Iterator<Waiter> all = waiters.values().iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            if (mayAnswer(waiter.place())) {
                all.remove();
                boolean isRead = waiter.forward().operation() instanceof Operation.Read;
                Update told = isRead
                        ? store.get(waiter.forward().operation().key())
                        : log.get(Math.toIntExact(waiter.place() - 1));
                send(
                        waiter.from(),
                        new PrimaryMessage.Answer(
                                waiter.forward().call(),
                                told == null ? Optional.empty() : told.value(),
                                told == null ? Optional.empty() : Optional.of(told.version())));
            }
        }
    }

    protected boolean mayAnswer(long place) {
        return place <= committed;
    }

    // At all.

    private void add(Entry entry) {
        log.add(entry);
        ordered.put(entry.call(), entry.place());
    }

    private void append(PrimaryMessage.Append append) {
        append.entries().forEach(this::take);
        commit(Math.min(append.committed(), log.size()));
        effects.send(leader, new PrimaryMessage.Ack(has(append), false));
    }

    /** The next entry is taken; others are there already, or come too early. */
    protected void take(Entry entry) {
        if (entry.place() == log.size() + 1) {
            keep(entry);
        }
    }

    protected final void keep(Entry entry) {
        effects.persist(entry);
        add(entry);
    }

    /** What a follower says that it has. */
    protected long has(PrimaryMessage.Append append) {
        return log.size();
    }

    private void commit(long upTo) {
        if (upTo <= committed) {
            return;
        }
        while (committed < upTo) {
            Entry entry = log.get(Math.toIntExact(committed++));
            store.put(entry.key(), entry);
            effects.applied(entry);
        }
        if (leads()) {
            answerWaiters();
            settings.peers().forEach(this::replicate);
        }
    }

    /** Whatever is not answered, acknowledged or known to be committed is sent again. */
    private void arm() {
        boolean isBehind = leads() ? settings.peers().stream().anyMatch(this::lacks) : committed < log.size();
        if (!isArmed && (isBehind || !open.isEmpty())) {
            isArmed = true;
            effects.setTimer(Alarm.RESEND, settings.tuning().patience());
        }
    }

    @Override
    public void timer(Timer timer) {
        isArmed = false;
        open.values().removeIf(request -> !request.isOpen());
        new TreeMap<>(open).forEach(this::forward);
        tellOthers();
        arm();
    }

    @Override
    public long counted() {
        return log.size();
    }

    @Override
    public Object clock() {
        return committed;
    }

    @Override
    protected VersionVector known() {
        return committed == 0 ? VersionVector.EMPTY : VersionVector.EMPTY.with(new Origin(leader, 0), committed);
    }
}
