package io.orrery.deployment;

import io.orrery.journal.SyncPolicy;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Replicas that serve clients together, as a file in {@code conf/} describes them. Read by {@link DeploymentLoader}.
 *
 * @param title one line for people
 * @param replicas at least one; ids and addresses are unique
 * @param links how every link behaves at first
 * @param linkChanges what differs from that at first, on some links or for some messages
 * @param lab whether the routes that inject faults are on
 * @param security who may talk to the replicas, and what is encrypted
 */
public record Deployment(
        String title,
        ProtocolType protocol,
        List<Member> replicas,
        ProtocolOptions options,
        LinkRule links,
        List<Fault.Relink> linkChanges,
        ReplicaSettings.Tuning tuning,
        Storage storage,
        Limits limits,
        boolean lab,
        Security security) {
    /** The scheduler reaches 2^31 of its ticks of 1 ms ahead, which is somewhat more. */
    public static final Duration LONGEST_TIME = Duration.ofDays(20);

    public Deployment {
        replicas = List.copyOf(replicas);
        linkChanges = List.copyOf(linkChanges);
    }

    /** The ids of all replicas, in the order of the file. */
    public List<NodeId> ids() {
        return replicas.stream().map(Member::id).toList();
    }

    /** Where clients reach a replica of this deployment: {@code http://127.0.0.1:8000}, or with {@code https}. */
    public String url(Address http) {
        return (security.httpTls().isPresent() ? "https://" : "http://") + http;
    }

    /** The replica of this id, as the file has it; empty when there is none. */
    public Optional<Member> member(NodeId id) {
        return replicas.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** The same deployment, which keeps its data on disk unless the file says otherwise. */
    public Deployment durableByDefault() {
        Storage durable = new Storage(
                storage.journal().or(() -> Optional.of(JournalKind.ROCKSDB)), storage.sync(), storage.data());
        return withStorage(durable);
    }

    /** The same deployment with its data in another directory. */
    public Deployment withData(Path data) {
        return withStorage(new Storage(storage.journal(), storage.sync(), data));
    }

    private Deployment withStorage(Storage changed) {
        return new Deployment(
                title, protocol, replicas, options, links, linkChanges, tuning, changed, limits, lab, security);
    }

    /** The same with other replicas in the places of these, or these at other addresses. */
    public Deployment withReplicas(List<Member> changed) {
        return new Deployment(
                title, protocol, changed, options, links, linkChanges, tuning, storage, limits, lab, security);
    }

    /**
     * @param http where clients reach the replica
     * @param remoting where the other replicas reach it, when each runs in a process of its own; empty where they cannot
     */
    public record Member(NodeId id, Address http, Optional<Address> remoting) {
        /** @throws IllegalArgumentException when the other replicas cannot reach it */
        public Address requireRemoting() {
            return remoting.orElseThrow(() -> new IllegalArgumentException("replica " + id
                    + " has no remoting address, at which the other nodes could reach it; in the deployment it would be"
                    + " remoting { port = 7000 } beside its http address"));
        }
    }

    /** @param port 0 for any free port */
    public record Address(String host, int port) {
        private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost|::1");

        /** Whether only this machine reaches it. Names are not looked up: of them, {@code localhost} alone is known. */
        public boolean isLoopback() {
            return LOOPBACK.matcher(host).matches();
        }

        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** What keeps a replica's memory. */
    public enum JournalKind {
        /** The process: it survives a crash of the replica, not the end of the process. */
        MEMORY,
        /** A directory on disk. */
        ROCKSDB
    }

    /**
     * Where replicas keep what they must find again after a crash.
     *
     * @param journal what keeps it; empty where the file leaves it open
     * @param sync when the disk confirms what is kept on it
     * @param data where the directories of the replicas are; relative to the current directory
     */
    public record Storage(Optional<JournalKind> journal, SyncPolicy sync, Path data) {
        /** For replicas that need not outlive the process. */
        public static final Storage IN_MEMORY =
                new Storage(Optional.of(JournalKind.MEMORY), SyncPolicy.ALWAYS, Path.of("data"));

        /** The directory of one replica: it belongs to this replica and to one process. */
        public Path directoryOf(NodeId replica) {
            return DataDirectory.of(data, replica);
        }
    }

    /**
     * What a replica takes at the most, so that no load can exhaust it.
     *
     * @param valueBytes the size of a value as it comes over the wire
     * @param openRequests requests of clients that wait for an answer; more are refused as overloaded
     * @param mailbox requests and messages of peers that wait at the replica
     * @param requestTimeout how long a client waits; then the outcome is unknown
     * @param events how many past updates a reader of the events can catch up with
     * @param connections what is taken of the network
     * @param storeBytes how much memory the store may take; left out, it depends on what there is
     */
    public record Limits(
            int valueBytes,
            int openRequests,
            int mailbox,
            Duration requestTimeout,
            int events,
            Connections connections,
            Optional<Long> storeBytes) {
        public static final Limits DEFAULT =
                new Limits(1 << 20, 1_000, 10_000, Duration.ofSeconds(5), 10_000, Connections.DEFAULT);

        /** With a store that takes as much memory as there is for it. */
        public Limits(
                int valueBytes,
                int openRequests,
                int mailbox,
                Duration requestTimeout,
                int events,
                Connections connections) {
            this(valueBytes, openRequests, mailbox, requestTimeout, events, connections, Optional.empty());
        }
    }

    /**
     * What a replica takes of the network at the most.
     *
     * @param count connections of clients at once; further ones take the place of those that are idle
     * @param headerBytes the size of one header of a request
     * @param idleTimeout after how long a connection ends on which nothing comes or goes; longer than a request may take
     */
    public record Connections(int count, int headerBytes, Duration idleTimeout) {
        /** How many headers a request may have. */
        public static final int HEADERS = 32;

        public static final Connections DEFAULT = new Connections(256, 8 << 10, Duration.ofMinutes(1));
    }
}
