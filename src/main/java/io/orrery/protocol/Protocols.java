package io.orrery.protocol;

import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The registry of protocols: those of all {@linkplain ProtocolProvider providers} on the class path, the built-in ones
 * first. Loaded once, by the context class loader of the first thread that asks.
 */
public final class Protocols {
    private static volatile Protocols found;

    /** A protocol and its provider. */
    private record Brought(ProtocolType type, ProtocolProvider by) {}

    private final List<Brought> all;

    private Protocols(List<Brought> all) {
        this.all = all;
    }

    /** @throws IllegalArgumentException if a provider cannot be used; the message says which, and why */
    public static List<ProtocolType> all() {
        return found().all.stream().map(Brought::type).toList();
    }

    /** @throws IllegalArgumentException when there is no protocol of this name; the message lists those that there are */
    public static ProtocolType named(String name) {
        return brought(name).type;
    }

    /** Where a protocol comes from: a jar or a directory of classes; empty if the JVM does not tell. */
    public static String origin(ProtocolType type) {
        return placeOf(brought(type.name()).by);
    }

    /** Whether a protocol is one of Orrery's own, and not of a plug-in. */
    public static boolean isOwn(ProtocolType type) {
        return placeOf(brought(type.name()).by).equals(placeOf(Protocols.class));
    }

    /** Why a protocol offers no compare-and-set, and which do. */
    public static String lackOfComparing(ProtocolType type) {
        return "there is no compare-and-set with " + type
                + ": no replica of it knows, when it takes a write, which one comes"
                + " before it in the end; it is offered by "
                + all().stream()
                        .filter(ProtocolType::compares)
                        .map(ProtocolType::name)
                        .collect(Collectors.joining(", "));
    }

    /** Why a protocol takes no request ids, and which do. */
    public static String lackOfMemory(ProtocolType type) {
        return type
                + " remembers no request ids, so a write that is sent again would be another one; they are remembered by "
                + all().stream()
                        .filter(ProtocolType::remembers)
                        .map(ProtocolType::name)
                        .collect(Collectors.joining(", "));
    }

    private static Brought brought(String name) {
        List<Brought> all = found().all;
        return all.stream()
                .filter(it -> it.type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    String known = all.stream().map(it -> it.type.name()).collect(Collectors.joining(", "));
                    return new IllegalArgumentException("there is no protocol \"" + name + "\"; there are: " + known
                            + " (those of a jar come with --plugins JAR)");
                });
    }

    private static Protocols found() {
        if (found == null) {
            synchronized (Protocols.class) {
                if (found == null) {
                    found = find();
                }
            }
        }
        return found;
    }

    /**
     * Reloads, with the current context class loader of this thread. Call it after adding plug-ins, before protocols
     * are used.
     */
    public static void lookAgain() {
        found = null;
        found();
    }

    private static Protocols find() {
        List<Brought> all = new ArrayList<>();
        try {
            for (ProtocolProvider provider : ServiceLoader.load(ProtocolProvider.class)) {
                for (ProtocolType type : protocolsOf(provider)) {
                    all.stream()
                            .filter(it -> it.type.name().equals(type.name()))
                            .findFirst()
                            .ifPresent(it -> {
                                throw new IllegalArgumentException(
                                        "there are two protocols \"" + type.name() + "\": in "
                                                + placeOf(it.by) + " and in " + placeOf(provider)
                                                + "; one of them needs another name");
                            });
                    all.add(new Brought(type, provider));
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalArgumentException("a jar with protocols cannot be used: " + reason(e), e);
        }
        return new Protocols(List.copyOf(all));
    }

    /** Reports anything that a provider throws, with the provider's location. */
    private static List<ProtocolType> protocolsOf(ProtocolProvider provider) {
        int contract;
        List<ProtocolType> protocols;
        try {
            contract = provider.contract();
            protocols = contract == ProtocolProvider.CONTRACT ? provider.protocols() : List.of();
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException(
                    "the protocols of " + placeOf(provider) + " cannot be used: " + reason(e), e);
        }
        if (contract != ProtocolProvider.CONTRACT) {
            throw new IllegalArgumentException("the protocols of " + placeOf(provider) + " were built for version "
                    + contract + " of io.orrery.protocol, and this is " + ProtocolProvider.CONTRACT
                    + ": build them again with this version of Orrery");
        }
        return protocols;
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String first = e.getMessage() == null ? e.toString() : e.getMessage();
        // One line, whatever it is.
        return (root == e ? first : e.getMessage() == null ? root.toString() : first + ": " + root)
                .replaceAll("\\R", " ");
    }

    private static String placeOf(ProtocolProvider provider) {
        return placeOf(provider.getClass());
    }

    private static String placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? ""
                : source.getLocation().getPath();
    }
}
