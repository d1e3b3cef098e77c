package io.orrery.deployment;

import io.orrery.journal.SyncPolicy;
import io.orrery.journal.rocksdb.DataDirectory;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkRule;
import io.orrery.protocol.Configuration;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replicas that serve clients together, as a file in {@code conf/} describes them. Read by {@link DeploymentLoader}.
 *
 * @param title one line for people
 * @param replicas at least one; ids and addresses are unique
 * @param links how every link behaves at first
 * @param linkChanges initial changes, on some links or for some messages
 * @param lab whether the routes that inject faults are on
 * @param security who may talk to the replicas, and what is encrypted
 */
public record Deployment(
        String title,
        ProtocolType protocol,
        List<Member> replicas,
        ProtocolOptions options,
        LinkRule links,
        List<Fault.ChangeLinks> linkChanges,
        ReplicaSettings.Tuning tuning,
        Storage storage,
        Limits limits,
        boolean lab,
        Security security) {
    /** Below the limit of Pekko's scheduler: 2^31 ticks of 1 ms. */
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

    /** The replica of this id, as in the file; empty if there is none. */
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

    /**
     * The same deployment with the members of a configuration, as far as it is known where they are reached: as the file has it
     * where the configuration does not.
     */
    public Deployment with(Configuration configuration) {
        return withReplicas(configuration.members().stream()
                .flatMap(
                        member -> member
                                .address()
                                .map(address -> Member.at(member.id(), address))
                                .or(() -> member(member.id()))
                                .stream())
                .toList());
    }

    /** The same deployment with these replicas instead. */
    public Deployment withReplicas(List<Member> changed) {
        return new Deployment(
                title, protocol, changed, options, links, linkChanges, tuning, storage, limits, lab, security);
    }

    /**
     * @param http where clients reach the replica
     * @param remoting where the other replicas reach it if each runs in its own process; empty if they cannot
     */
    public record Member(NodeId id, Address http, Optional<Address> remoting) {
        /** @throws IllegalArgumentException when an address is no host and port */
        static Member at(NodeId id, Configuration.Address address) {
            return new Member(id, Address.parse(address.http()), Optional.of(Address.parse(address.remoting())));
        }

        /** As a member of a configuration; without an address where others cannot reach it. */
        public Configuration.Member configured() {
            return new Configuration.Member(
                    id, true, remoting.map(it -> new Configuration.Address(http.toString(), it.toString())));
        }

        /** @throws IllegalArgumentException when the other replicas cannot reach it */
        public Address requireRemoting() {
            return remoting.orElseThrow(() -> new IllegalArgumentException("replica " + id
                    + " has no remoting address, at which the other nodes could reach it; in the deployment it would be"
                    + " remoting { port = 7000 } beside its http address"));
        }
    }

    /** @param port 0 for any free port */
    public record Address(String host, int port) {
        private static final Pattern TEXT =
                Pattern.compile("([A-Za-z0-9.-]{1,255}|\\[[0-9A-Fa-f:.]{2,64}]):([0-9]{1,5})");
        private static final int LAST_PORT = 0xffff;
        private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost|::1");

        /** @throws IllegalArgumentException when it is no host and port: {@code 127.0.0.1:7000}, {@code [::1]:7000} */
        public static Address parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
                throw new IllegalArgumentException("not a host and a port: " + text);
            }
            return new Address(parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2)));
        }

        /** Whether only this machine reaches it. Names are not resolved: only {@code localhost} counts as loopback. */
        public boolean isLoopback() {
            return LOOPBACK.matcher(host).matches();
        }

        @Override
        public String toString() {
            return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        }
    }

    /** Where a replica's journal is. */
    public enum JournalKind {
        /** In the process: survives a crash of the replica, not the end of the process. */
        MEMORY,
        /** In a directory on disk. */
        ROCKSDB
    }

    /**
     * Where replicas keep what they must find again after a crash.
     *
     * @param journal the kind of journal; empty if the file does not say
     * @param sync when the disk is synced
     * @param data the parent of the replicas' directories; relative to the current directory
     */
    public record Storage(Optional<JournalKind> journal, SyncPolicy sync, Path data) {
        /** For replicas that do not outlive the process. */
        public static final Storage IN_MEMORY =
                new Storage(Optional.of(JournalKind.MEMORY), SyncPolicy.ALWAYS, Path.of("data"));

        /** The directory of one replica: it belongs to this replica and to one process. */
        public Path directoryOf(NodeId replica) {
            return DataDirectory.of(data, replica);
        }
    }

    /**
     * The limits of a replica, so that no load can exhaust it.
     *
     * @param valueBytes the size of a value as it comes over the wire
     * @param openRequests client requests that wait for an answer; further ones are refused as overloaded
     * @param mailbox requests and messages of peers that wait at the replica
     * @param requestTimeout how long a client waits; then the outcome is unknown
     * @param events how many past updates a reader of events can resume from
     * @param connections the limits of the network
     * @param storeBytes how much memory the store may take; if absent, a share of the heap
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

        /** With the default size of the store. */
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
     * The network limits of a replica.
     *
     * @param count concurrent client connections; a further one replaces an idle one
     * @param headerBytes the size of one header of a request
     * @param idleTimeout after how long an idle connection is closed; longer than the request timeout
     */
    public record Connections(int count, int headerBytes, Duration idleTimeout) {
        /** How many headers a request may have. */
        public static final int HEADERS = 32;

        public static final Connections DEFAULT = new Connections(256, 8 << 10, Duration.ofMinutes(1));
    }
}
