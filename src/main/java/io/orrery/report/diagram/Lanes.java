package io.orrery.report.diagram;

import io.orrery.model.NodeId;
import io.orrery.simulation.TraceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lanes of a diagram: replicas in the order of the file, each followed by the clients whose first request goes to
 * it.
 */
final class Lanes {
    private final List<Diagram.Lane> all = new ArrayList<>();
    private final Map<NodeId, Integer> replicas = new HashMap<>();
    private final Map<String, Integer> clients = new HashMap<>();

    static Lanes of(List<NodeId> replicas, List<TraceEvent> events) {
        Map<NodeId, Set<String>> clientsOf = new HashMap<>();
        Map<String, NodeId> first = new LinkedHashMap<>();
        for (TraceEvent event : events) {
            if (event instanceof TraceEvent.Invoked it) {
                first.putIfAbsent(it.client(), it.via());
            }
        }
        first.forEach((client, via) ->
                clientsOf.computeIfAbsent(via, key -> new LinkedHashSet<>()).add(client));
        Lanes lanes = new Lanes();
        for (NodeId replica : replicas) {
            lanes.replicas.put(replica, lanes.all.size());
            lanes.all.add(new Diagram.Lane(replica.name(), true));
            for (String client : clientsOf.getOrDefault(replica, Set.of())) {
                lanes.clients.put(client, lanes.all.size());
                lanes.all.add(new Diagram.Lane(client, false));
            }
        }
        return lanes;
    }

    List<Diagram.Lane> all() {
        return all;
    }

    int of(NodeId replica) {
        return replicas.get(replica);
    }

    int of(String client) {
        return clients.get(client);
    }
}
