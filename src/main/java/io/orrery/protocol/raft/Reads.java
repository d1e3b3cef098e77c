package io.orrery.protocol.raft;

import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.model.Outcome;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Request;
import io.orrery.protocol.raft.RaftEntry.Item;
import io.orrery.protocol.raft.RaftMessage.Ask;
import io.orrery.protocol.raft.RaftMessage.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Linearizable reads without the log (dissertation, section 6.4). The leader notes up to where all is committed, and makes sure
 * by a round of heartbeats that it still led then; a read that waits until that is applied sees all that had returned before it
 * came. A follower asks the leader for that index, and serves the read itself. What comes during a round waits for the next.
 */
final class Reads {
    /** Who wants to know a read index: reads of this replica's clients, or another replica. */
    private record Wanted(List<Request> own, NodeId from, Origin caller, long number) {}

    private final Effects effects;
    private final Ballots ballots;
    private final RaftLog log;
    private final Store store;
    private final Commits commits;
    private final Elections elections;
    private final Replication replication;

    /** Reads for which nobody has been asked. */
    private List<Request> fresh = new ArrayList<>();
    /** Reads for which the leader has been asked. */
    private List<Request> asked = new ArrayList<>();

    private long number;
    private Origin origin;
    /** Reads whose index is known, and not applied. */
    private final TreeMap<Long, List<Request>> waiting = new TreeMap<>();

    /** At the leader: those for whom the round under way is, and those who came later. */
    private List<Wanted> inRound = new ArrayList<>();

    private List<Wanted> later = new ArrayList<>();
    private long round;
    private long roundIndex;

    Reads(
            Effects effects,
            Ballots ballots,
            RaftLog log,
            Store store,
            Commits commits,
            Elections elections,
            Replication replication) {
        this.effects = effects;
        this.ballots = ballots;
        this.log = log;
        this.store = store;
        this.commits = commits;
        this.elections = elections;
        this.replication = replication;
    }

    void start(Origin begun) {
        origin = begun;
    }

    /** Whether the leader has to be asked, or asked again. */
    boolean isEmpty() {
        return fresh.isEmpty() && asked.isEmpty();
    }

    void request(Request request) {
        fresh.add(request);
        begin();
    }

    /** Asks for the index of the reads that wait, if somebody can be asked now. */
    private void begin() {
        if (fresh.isEmpty()) {
            return;
        }
        if (elections.isLeader()) {
            later.add(new Wanted(takeFresh(), null, null, 0));
            beginRound();
        } else if (asked.isEmpty() && elections.leader() != null) {
            asked = takeFresh();
            number++;
            effects.send(elections.leader(), new Ask(origin, number));
        }
    }

    private List<Request> takeFresh() {
        List<Request> taken = fresh;
        fresh = new ArrayList<>();
        return taken;
    }

    /** Another replica leads. */
    void leaderChanged() {
        fresh.addAll(asked);
        asked = new ArrayList<>();
        inRound.forEach(this::takeBack);
        later.forEach(this::takeBack);
        inRound = new ArrayList<>();
        later = new ArrayList<>();
        begin();
    }

    private void takeBack(Wanted wanted) {
        if (wanted.own != null) {
            fresh.addAll(wanted.own);
        }
    }

    void resend() {
        fresh.removeIf(request -> !request.isOpen());
        asked.removeIf(request -> !request.isOpen());
        if (!asked.isEmpty() && elections.leader() != null) {
            effects.send(elections.leader(), new Ask(origin, number));
        }
        begin();
    }

    /** A follower asks the leader. */
    void asked(NodeId from, Ask ask) {
        if (elections.isLeader()) {
            later.add(new Wanted(null, from, ask.caller(), ask.number()));
            beginRound();
        }
    }

    /** Not before an entry of the term is committed: until then the leader does not know what is. */
    private void beginRound() {
        boolean knows = commits.commit() >= log.base() && log.term(commits.commit()) == ballots.term();
        if (knows && inRound.isEmpty() && !later.isEmpty()) {
            inRound = later;
            later = new ArrayList<>();
            roundIndex = commits.commit();
            round = replication.heartbeat();
            confirmed();
        }
    }

    /** A follower has answered, or something was committed. */
    void confirmed() {
        while (elections.isLeader() && !inRound.isEmpty() && replication.confirmedRound() >= round) {
            List<Wanted> confirmed = inRound;
            inRound = new ArrayList<>();
            confirmed.forEach(this::tell);
            beginRound();
        }
        if (elections.isLeader()) {
            beginRound();
        }
    }

    private void tell(Wanted wanted) {
        if (wanted.own != null) {
            await(roundIndex, wanted.own);
        } else {
            effects.send(wanted.from, new Index(wanted.caller, wanted.number, roundIndex));
        }
    }

    /** The leader has told a read index. */
    void told(Index answer) {
        if (answer.caller().equals(origin) && answer.number() == number && !asked.isEmpty()) {
            List<Request> known = asked;
            asked = new ArrayList<>();
            await(answer.index(), known);
            begin();
        }
    }

    private void await(long index, List<Request> requests) {
        if (store.applied() >= index) {
            requests.forEach(this::answer);
        } else {
            waiting.computeIfAbsent(index, any -> new ArrayList<>()).addAll(requests);
        }
    }

    /** More has been applied. */
    void applied() {
        while (!waiting.isEmpty() && waiting.firstKey() <= store.applied()) {
            waiting.pollFirstEntry().getValue().forEach(this::answer);
        }
    }

    private void answer(Request request) {
        if (request.isOpen()) {
            Optional<Item> found = store.lookup(request.operation().key());
            effects.reply(
                    request,
                    new Outcome.Done(found.flatMap(Item::value), found.map(Item::version), Outcome.Status.APPLIED, ""));
        }
    }
}
