package io.orrery.deployment;

import io.orrery.config.ConfigProblem;
import io.orrery.config.ConfigReader;
import io.orrery.config.IncludePolicy;
import io.orrery.config.NameSuggestion;
import io.orrery.deployment.Deployment.Address;
import io.orrery.deployment.Deployment.Connections;
import io.orrery.deployment.Deployment.JournalKind;
import io.orrery.deployment.Deployment.Limits;
import io.orrery.deployment.Deployment.Member;
import io.orrery.deployment.Deployment.Storage;
import io.orrery.journal.SyncPolicy;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.model.Printable;
import io.orrery.model.WallClock;
import io.orrery.network.Delay;
import io.orrery.network.Fault;
import io.orrery.network.LinkReader;
import io.orrery.network.LinkRule;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.protocol.ReplicaSettings.Tuning;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads deployments. Every mistake is a {@link ConfigProblem} that names the file, the line and what would be right. */
public final class DeploymentLoader {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final int LARGEST_VALUE = 64 << 20;
    private static final int LARGEST_HEADER = 1 << 20;
    private static final long SMALLEST_STORE = 1 << 10;
    private static final long LARGEST_STORE = 1L << 50;

    private DeploymentLoader() {}

    /** As {@link #load(Path, Consumer)}, without warnings. */
    public static Deployment load(Path file) {
        return load(file, warning -> {});
    }

    /**
     * Reads a file, with the environment's variables in it.
     *
     * @param warnings takes a line for each probable mistake
     * @throws ConfigProblem if the file cannot be read or has mistakes; it has a line for each
     */
    public static Deployment load(Path file, Consumer<String> warnings) {
        return ConfigReader.readFile(file, IncludePolicy.OWN, warnings, it -> read(it, WallClock.now()));
    }

    /** @param now the time at which certificates must be valid */
    static Deployment read(ConfigReader file, Instant now) {
        file.expect(ProtocolOptions.keysOf(
                "title",
                "protocol",
                "replicas",
                "links",
                "anti-entropy",
                "journal",
                "sync",
                "data",
                "limits",
                "lab",
                "insecure",
                "tls",
                "http-tls",
                "tokens",
                "allowed-hosts",
                "cors"));
        // If one of these is wrong, whatever depends on it is not checked.
        ProtocolType protocol = file.attempt(() -> file.get("protocol", DeploymentLoader::protocol), null);
        boolean lab = file.flag("lab", false);
        Security security = file.attempt(() -> SecurityReader.read(file, lab, now), null);
        List<Member> replicas = file.attempt(() -> replicas(file, security), List.of());
        List<NodeId> ids = replicas.stream().map(Member::id).toList();
        Limits limits = file.attempt(() -> limits(file.objectOrEmpty("limits")), Limits.DEFAULT);
        boolean linksAreListed = file.has("links") && file.isList("links");
        return new Deployment(
                file.get("title", protocol == null ? "" : protocol.summary(), Printable::of),
                protocol,
                replicas,
                ids.isEmpty() ? null : file.attempt(() -> ProtocolOptions.read(file, protocol, ids), null),
                linksAreListed
                        ? LinkRule.PERFECT
                        : file.attempt(
                                () -> links(file.objectOrEmpty("links"), limits.requestTimeout()), LinkRule.PERFECT),
                linksAreListed ? file.attempt(() -> linkChanges(file, protocol, ids), List.of()) : List.of(),
                file.attempt(() -> tuning(file.objectOrEmpty("anti-entropy")), Tuning.DEFAULT),
                file.attempt(() -> storage(file), Storage.IN_MEMORY),
                limits,
                lab,
                security);
    }

    private static ProtocolType protocol(String name) {
        try {
            return Protocols.named(name);
        } catch (IllegalArgumentException e) {
            List<String> names =
                    Protocols.all().stream().map(ProtocolType::name).toList();
            throw new IllegalArgumentException(e.getMessage()
                    + NameSuggestion.nearest(name, names)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(""));
        }
    }

    private static Storage storage(ConfigReader file) {
        String fileName = Path.of(file.file()).getFileName().toString();
        return new Storage(
                file.find("journal", DeploymentLoader::journal),
                file.get("sync", SyncPolicy.ALWAYS, DeploymentLoader::sync),
                file.get("data", Path.of("data", fileName.replaceFirst("\\.conf$", "")), DeploymentLoader::directory));
    }

    private static JournalKind journal(String kind) {
        return switch (kind) {
            case "memory" -> JournalKind.MEMORY;
            case "rocksdb" -> JournalKind.ROCKSDB;
            default ->
                throw new IllegalArgumentException("there is no journal \"" + kind
                        + "\"; there are: memory (survives a crash of a replica, not the end of the process), rocksdb");
        };
    }

    private static SyncPolicy sync(String policy) {
        return switch (policy) {
            case "always" -> SyncPolicy.ALWAYS;
            case "never" -> SyncPolicy.NEVER;
            default -> throw new IllegalArgumentException("sync is always or never, not \"" + policy + "\"");
        };
    }

    private static Path directory(String path) {
        if (path.isBlank()) {
            throw new IllegalArgumentException("data is the path of a directory, and may not be empty");
        }
        return Path.of(path);
    }

    private static List<Member> replicas(ConfigReader file, Security security) {
        List<ConfigReader> items = file.objects("replicas");
        if (items.isEmpty()) {
            throw file.problem("replicas", "a deployment has at least one replica");
        }
        Set<NodeId> ids = new HashSet<>();
        Map<Address, NodeId> addresses = new HashMap<>();
        List<Member> replicas = items.stream()
                .map(item -> item.attempt(() -> replica(item, ids, addresses, security), null))
                .filter(Objects::nonNull)
                .toList();
        // All or none: otherwise the missing ones would be reported as unknown.
        return replicas.size() == items.size() ? replicas : List.of();
    }

    private static Member replica(
            ConfigReader item, Set<NodeId> ids, Map<Address, NodeId> addresses, Security security) {
        item.expect("id", "http", "remoting");
        NodeId id = item.get("id", NodeId::of);
        if (!ids.add(id)) {
            throw item.problem("id", "there is another replica " + id + "; each needs an id of its own");
        }
        Address http = address(item, "http", "the port at which clients reach replica " + id, 0);
        Optional<Address> remoting = item.has("remoting")
                ? Optional.of(address(item, "remoting", "the port at which the other replicas reach replica " + id, 1))
                : Optional.empty();
        requireFree(item.object("http"), id, http, addresses);
        remoting.ifPresent(address -> {
            requireFree(item.object("remoting"), id, address, addresses);
            if (security != null) {
                item.object("remoting").checked("host", () -> security.requireProtected(address));
            }
        });
        return new Member(id, http, remoting);
    }

    static Address address(ConfigReader item, String name, String meaning, int lowestPort) {
        ConfigReader address = item.object(name).expect("host", "port");
        if (!address.has("port")) {
            throw address.problem("\"port\" is missing: " + meaning);
        }
        return new Address(
                address.get("host", LOOPBACK, DeploymentLoader::host), address.integer("port", 0, lowestPort, 65_535));
    }

    /** Hosts occur in URIs, so a name that a URI cannot contain, such as one with an underscore, is refused. */
    static String host(String text) {
        String inUri = text.indexOf(':') >= 0 ? "[" + text + "]" : text;
        try {
            if (inUri.equals(new URI("http://" + inUri + ":0").getHost())) {
                return text;
            }
        } catch (URISyntaxException e) {
            // Reported below.
        }
        throw new IllegalArgumentException("host is the name of a machine (letters, digits, hyphens and dots) or its IP"
                + " address, such as node-b.example.org or 10.0.0.2, with nothing before or after it, not \"" + text
                + "\"");
    }

    private static void requireFree(ConfigReader at, NodeId id, Address address, Map<Address, NodeId> addresses) {
        NodeId other = address.port() == 0 ? null : addresses.put(address, id);
        if (other != null) {
            throw at.problem("port", "replica " + other + " has the address " + address + " already");
        }
    }

    /** A list of links, in the form of scenario files. */
    private static List<Fault.ChangeLinks> linkChanges(ConfigReader file, ProtocolType protocol, List<NodeId> ids) {
        LinkReader reader = new LinkReader(kind -> protocol == null ? kind : protocol.requireKind(kind), name -> {
            NodeId named = NodeId.of(name);
            if (!ids.contains(named) && !ids.isEmpty()) {
                throw new IllegalArgumentException("there is no replica " + name + "; there are " + ids);
            }
            return named;
        });
        return file.objects("links").stream()
                .map(link -> file.attempt(() -> reader.relink(link), null))
                .filter(Objects::nonNull)
                .toList();
    }

    private static LinkRule links(ConfigReader links, Duration requestTimeout) {
        links.expect("delay", "min-delay", "max-delay", "loss", "duplicate");
        Delay delay = links.get("delay", Delay.NONE, Delay::parse);
        if (links.has("min-delay") || links.has("max-delay")) {
            if (links.has("delay")) {
                throw links.problem("delay", "give either delay, or min-delay and max-delay");
            }
            Duration min = links.get("min-delay", Duration.ZERO, DeploymentLoader::seconds);
            Duration max = links.get("max-delay", min, DeploymentLoader::seconds);
            if (max.compareTo(min) < 0) {
                throw links.problem(
                        "max-delay",
                        "max-delay, " + Durations.format(max) + ", is below min-delay, " + Durations.format(min));
            }
            warnOfMilliseconds(links, "min-delay", min, requestTimeout);
            warnOfMilliseconds(links, "max-delay", max, requestTimeout);
            delay = min.equals(max) ? Delay.parse(Durations.format(min)) : new Delay.Uniform(min, max);
        }
        return new LinkRule(delay, chance(links, "loss"), chance(links, "duplicate"), false);
    }

    /** A duration; a bare number stands for seconds, because the labs' environment variables give seconds. */
    private static Duration seconds(String text) {
        return Durations.parse(NUMBER.matcher(text.strip()).matches() ? text.strip() + "s" : text);
    }

    /** Several labs give delays in milliseconds. */
    private static void warnOfMilliseconds(ConfigReader links, String key, Duration delay, Duration requestTimeout) {
        if (!links.has(key) || delay.compareTo(requestTimeout) <= 0) {
            return;
        }
        String text = links.text(key).strip();
        if (NUMBER.matcher(text).matches()) {
            links.warn(
                    key,
                    String.format(
                            Locale.ROOT,
                            "%s = %s is %,d seconds, above the request-timeout of %s; milliseconds are written %sms",
                            key,
                            text,
                            delay.toSeconds(),
                            Durations.format(requestTimeout),
                            text));
        }
    }

    private static double chance(ConfigReader links, String key) {
        double chance = links.number(key, 0);
        if (!(chance >= 0 && chance <= 1)) {
            throw links.problem(key, key + " is a chance between 0 and 1, not " + chance);
        }
        return chance;
    }

    private static Tuning tuning(ConfigReader antiEntropy) {
        antiEntropy.expect("interval", "patience", "batch", "buffer");
        Tuning otherwise = Tuning.DEFAULT;
        return new Tuning(
                positive(antiEntropy, "interval", otherwise.antiEntropy()),
                positive(antiEntropy, "patience", otherwise.patience()),
                antiEntropy.integer("batch", otherwise.batch(), 1, Integer.MAX_VALUE),
                antiEntropy.integer("buffer", otherwise.buffer(), 1, Integer.MAX_VALUE));
    }

    private static Limits limits(ConfigReader limits) {
        limits.expect(
                "value-size",
                "store-size",
                "open-requests",
                "mailbox",
                "request-timeout",
                "events",
                "connections",
                "header-size",
                "idle-timeout");
        Limits otherwise = Limits.DEFAULT;
        Duration requestTimeout = positive(limits, "request-timeout", otherwise.requestTimeout());
        return new Limits(
                (int) limits.bytes("value-size", otherwise.valueBytes(), 1, LARGEST_VALUE),
                limits.integer("open-requests", otherwise.openRequests(), 1, Integer.MAX_VALUE),
                limits.integer("mailbox", otherwise.mailbox(), 1, Integer.MAX_VALUE),
                requestTimeout,
                limits.integer("events", otherwise.events(), 1, 10_000_000),
                connections(limits, requestTimeout),
                limits.has("store-size")
                        ? Optional.of(limits.bytes("store-size", 0, SMALLEST_STORE, LARGEST_STORE))
                        : Optional.empty());
    }

    private static Connections connections(ConfigReader limits, Duration requestTimeout) {
        Connections otherwise = Connections.DEFAULT;
        Duration idleTimeout = positive(limits, "idle-timeout", idleTimeout(requestTimeout));
        if (limits.has("idle-timeout") && idleTimeout.compareTo(requestTimeout) <= 0) {
            throw limits.problem(
                    "idle-timeout",
                    "idle-timeout, " + Durations.format(idleTimeout) + ", must be longer than request-timeout, "
                            + Durations.format(requestTimeout)
                            + ": else connections end while their clients wait for an answer");
        }
        return new Connections(
                limits.integer("connections", otherwise.count(), 1, 1_000_000),
                (int) limits.bytes("header-size", otherwise.headerBytes(), 1_024, LARGEST_HEADER),
                idleTimeout);
    }

    /** The default: longer than the request timeout. */
    private static Duration idleTimeout(Duration requestTimeout) {
        Duration usual = Connections.DEFAULT.idleTimeout();
        Duration longer = requestTimeout.multipliedBy(2);
        return longer.compareTo(usual) <= 0
                ? usual
                : longer.compareTo(Deployment.LONGEST_TIME) <= 0 ? longer : Deployment.LONGEST_TIME;
    }

    private static Duration positive(ConfigReader reader, String key, Duration otherwise) {
        Duration duration = reader.duration(key, otherwise);
        if (duration.isZero() || duration.compareTo(Deployment.LONGEST_TIME) > 0) {
            throw reader.problem(
                    key,
                    key + " is a time above 0 and at most " + Deployment.LONGEST_TIME.toHours() + "h, not "
                            + reader.text(key));
        }
        return duration;
    }
}
