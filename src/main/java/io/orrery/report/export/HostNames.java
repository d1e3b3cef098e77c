package io.orrery.report.export;

import io.orrery.model.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Unique names without spaces for replicas and clients. Replicas keep their names. */
final class HostNames {
    /** The characters that end a name in ShiViz. */
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}\\x{feff}]+");

    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> clients = new HashMap<>();

    HostNames(Collection<NodeId> replicas) {
        replicas.forEach(replica -> taken.add(replica.name()));
    }

    String of(NodeId replica) {
        return replica.name();
    }

    String of(String client) {
        return clients.computeIfAbsent(client, this::free);
    }

    private String free(String client) {
        String name = SPACE.matcher(client).replaceAll("_");
        for (int number = 2; !taken.add(name); number++) {
            name = SPACE.matcher(client).replaceAll("_") + "~" + number;
        }
        return name;
    }
}
