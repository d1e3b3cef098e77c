package io.orrery.model;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The host names under which clients may reach a server. A malicious page can make its own name resolve to this
 * machine, so that the browser treats the server as part of that page's site (DNS rebinding); the browser still sends
 * the page's name as {@code Host}. IP addresses are always allowed, because nobody can make them resolve elsewhere.
 */
public final class KnownHosts {
    private static final int LONGEST_ADDRESS = "255.255.255.255".length();

    private final Set<String> names;

    /** @param names allowed in addition to {@code localhost} and its subdomains */
    public KnownHosts(Collection<String> names) {
        this.names = names.stream().map(KnownHosts::plain).collect(Collectors.toUnmodifiableSet());
    }

    /** @param host a name or an address, without a port; an IPv6 address with or without its brackets */
    public boolean has(String host) {
        return isAddress(host) || hasName(plain(host));
    }

    private boolean hasName(String name) {
        return name.equals("localhost") || name.endsWith(".localhost") || names.contains(name);
    }

    /** The host in a header {@code Host}, which may name a port after it. */
    public static String withoutPort(String header) {
        int colon = header.lastIndexOf(':');
        return colon > header.lastIndexOf(']') ? header.substring(0, colon) : header;
    }

    private static String plain(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        // A trailing dot marks a fully qualified name.
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    private static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return true; // A name has no colon.
        }
        if (host.isEmpty() || host.length() > LONGEST_ADDRESS) {
            return false;
        }
        int dots = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            dots += c == '.' ? 1 : 0;
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return dots == 3;
    }
}
