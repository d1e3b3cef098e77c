package io.orrery.simulation;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import java.util.List;

/**
 * How a world begins.
 *
 * @param overLinks whether the first hellos travel over the world's own links; else over perfect ones, and the world
 *     begins when all have been answered
 * @param links changes of the world's links that hold from the beginning, and for the hellos that travel over them
 * @param absent replicas that are down until they are restarted
 * @param incarnation the number of the memory that each replica begins with; above 0 others were before it
 */
public record StartModel(boolean overLinks, List<Fault.ChangeLinks> links, List<NodeId> absent, long incarnation) {
    /** All replicas are there, for the first time, and have met. */
    public static final StartModel MET = new StartModel(false, List.of(), List.of(), 0);

    /** @throws IllegalArgumentException when the incarnation is negative */
    public StartModel {
        links = List.copyOf(links);
        absent = List.copyOf(absent);
        if (incarnation < 0) {
            throw new IllegalArgumentException("an incarnation is 0 or more, not " + incarnation);
        }
    }

    public StartModel withOverLinks(boolean changed) {
        return new StartModel(changed, links, absent, incarnation);
    }

    public StartModel withLinks(List<Fault.ChangeLinks> changed) {
        return new StartModel(overLinks, changed, absent, incarnation);
    }

    public StartModel withAbsent(List<NodeId> changed) {
        return new StartModel(overLinks, links, changed, incarnation);
    }

    public StartModel withIncarnation(long changed) {
        return new StartModel(overLinks, links, absent, changed);
    }
}
