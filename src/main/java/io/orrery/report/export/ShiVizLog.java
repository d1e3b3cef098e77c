package io.orrery.report.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.model.NodeId;
import io.orrery.report.DurationText;
import io.orrery.report.TraceText;
import io.orrery.simulation.TraceEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A trace as a log for ShiViz, in its default form: two lines per event, what happened, and then the host with its
 * vector clock.
 *
 * <p>Hosts are the replicas and the clients. Their vector clocks (Fidge, Mattern) count the events of each host,
 * whatever clock the protocol has. A delivery merges the sender's clock, the arrival of a request the client's, and an
 * answer the replica's. Faults of links belong to no host and are left out.
 */
public final class ShiVizLog {
    /** Line separators, for ShiViz or for other programs. */
    private static final Pattern LINE_END = Pattern.compile("[\\n\\r\\x{85}\\x{2028}\\x{2029}]+");

    private final HostNames hostNames;
    private final Map<String, SortedMap<String, Long>> clocks = new HashMap<>();

    /** The clocks of messages in flight and of open requests. */
    private final Map<Transfer, SortedMap<String, Long>> sent = new HashMap<>();

    private final Map<String, SortedMap<String, Long>> asked = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private record Transfer(NodeId from, NodeId to, long id) {
        static Transfer of(TraceEvent.OfMessage event) {
            return new Transfer(event.from(), event.to(), event.id());
        }
    }

    private ShiVizLog(HostNames hostNames) {
        this.hostNames = hostNames;
    }

    /** All lines of the log, in the order of the trace. */
    public static List<String> lines(Collection<NodeId> replicas, List<TraceEvent> events) {
        ShiVizLog log = new ShiVizLog(new HostNames(replicas));
        events.forEach(log::add);
        return log.lines;
    }

    private void add(TraceEvent event) {
        if (event instanceof TraceEvent.Sent it) {
            sent.put(Transfer.of(it), log(it, hostNames.of(it.from()), Map.of()));
        } else if (event instanceof TraceEvent.Delivered it) {
            log(it, hostNames.of(it.to()), sent.remove(Transfer.of(it)));
        } else if (event instanceof TraceEvent.Lost it) {
            // A message lost on arrival was sent before; a message lost at once has no other event.
            boolean arrived = sent.remove(Transfer.of(it)) != null;
            log(it, hostNames.of(arrived ? it.to() : it.from()), Map.of());
        } else if (event instanceof TraceEvent.Invoked it) {
            asked.put(it.client(), log(it, hostNames.of(it.client()), Map.of()));
        } else if (event instanceof TraceEvent.Received it) {
            log(it, hostNames.of(it.at()), asked.getOrDefault(it.client(), new TreeMap<>()));
        } else if (event instanceof TraceEvent.Returned it) {
            boolean answered = it.outcome().isAnswer();
            log(it, hostNames.of(it.client()), answered ? clock(hostNames.of(it.via())) : Map.of());
        } else if (event instanceof TraceEvent.AtReplica it) {
            log(it, hostNames.of(it.at()), Map.of());
        }
    }

    /** Adds an event of a host that merges another clock. Returns a copy of the host's clock. */
    private SortedMap<String, Long> log(TraceEvent event, String host, Map<String, Long> learned) {
        SortedMap<String, Long> clock = clock(host);
        learned.forEach((other, count) -> clock.merge(other, count, Math::max));
        clock.merge(host, 1L, Long::sum);
        // The time comes first: with "{" as the second word, ShiViz would read the line as a host and a clock.
        String what = LINE_END.matcher(TraceText.what(event)).replaceAll(" ");
        lines.add(DurationText.exact(event.nanos()) + " s: " + what);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        clock.forEach(json::put);
        lines.add(host + " " + json);
        return new TreeMap<>(clock);
    }

    private SortedMap<String, Long> clock(String host) {
        return clocks.computeIfAbsent(host, key -> new TreeMap<>());
    }
}
