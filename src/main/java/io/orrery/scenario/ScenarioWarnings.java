package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Warns of valid steps that are probably not meant, each with its line. */
final class ScenarioWarnings {
    private final List<NodeId> replicas;
    private final Set<NodeId> stopped = new HashSet<>();
    private final Set<NodeId> paused = new HashSet<>();

    private ScenarioWarnings(List<NodeId> replicas, List<NodeId> absent) {
        this.replicas = replicas;
        this.stopped.addAll(absent);
    }

    /**
     * @param items the steps as in the file
     * @param steps the same steps, parsed
     * @param absent the replicas that are down at the beginning
     */
    static void tell(List<ConfigReader> items, List<Step> steps, List<NodeId> replicas, List<NodeId> absent) {
        doubtTimes(items, steps);
        ScenarioWarnings scenarioWarnings = new ScenarioWarnings(replicas, absent);
        List<Integer> asTheyHappen =
                new ArrayList<>(IntStream.range(0, steps.size()).boxed().toList());
        asTheyHappen.sort(Comparator.comparing(i -> steps.get(i).at()));
        for (int i : asTheyHappen) {
            if (steps.get(i) instanceof Step.Inject inject) {
                scenarioWarnings.doubt(items.get(i), inject.fault());
            }
        }
    }

    /** A client's steps run in the order of their times, so a step further down should not have an earlier time. */
    private static void doubtTimes(List<ConfigReader> items, List<Step> steps) {
        Map<String, Duration> latest = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof Step.Ask ask) {
                Duration before = latest.getOrDefault(ask.client(), Duration.ZERO);
                if (ask.at().compareTo(before) < 0) {
                    items.get(i)
                            .warn(
                                    "at",
                                    "this is at " + Durations.format(ask.at()) + ", before what " + ask.client()
                                            + " does further up at " + Durations.format(before)
                                            + ", so it happens first");
                } else {
                    latest.put(ask.client(), ask.at());
                }
            }
        }
    }

    private void doubt(ConfigReader item, Fault fault) {
        if (fault instanceof Fault.Partition partition) {
            doubtGroups(item, partition);
        } else if (fault instanceof Fault.Restart restart) {
            // A restart may be meant to end a pause.
            if (!stopped.remove(restart.replica()) & !paused.remove(restart.replica())) {
                item.warn(
                        "restart",
                        "replica " + restart.replica() + " has not stopped, so it is crashed first; was crash meant?");
            }
        } else if (fault instanceof Fault.Resume resume) {
            if (!paused.remove(resume.replica())) {
                item.warn("resume", "replica " + resume.replica() + " is not paused, so nothing happens");
            }
        } else if (fault instanceof Fault.Pause pause) {
            paused.add(pause.replica());
        } else if (fault instanceof Fault.OfReplica other
                && !(fault instanceof Fault.SlowDisk)
                && !(fault instanceof Fault.RepairDisk)) {
            // Every other fault of a replica stops it, or may stop it.
            stopped.add(other.replica());
        }
    }

    private void doubtGroups(ConfigReader item, Fault.Partition partition) {
        List<NodeId> alone = replicas.stream()
                .filter(id -> partition.groups().stream().noneMatch(group -> group.contains(id)))
                .toList();
        if (!alone.isEmpty()) {
            String names = alone.stream().map(NodeId::name).collect(Collectors.joining(", "));
            item.warn(
                    "partition",
                    names
                            + (alone.size() == 1
                                    ? " is in no group, and so cut off from all"
                                    : " are in no group, and so each is cut off from all"));
        }
    }
}
