package io.orrery.bench.experiment;

import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The faults under which every protocol is measured: of the leader, a follower, a minority, a majority, and a link. */
public enum StandardFault {
    LEADER_CRASHES("the leader crashes"),
    LEADER_PAUSES("the leader pauses"),
    LEADER_CUT_OFF("the leader is cut off"),
    FOLLOWER_CRASHES("a follower crashes"),
    FOLLOWER_PAUSES("a follower pauses"),
    FOLLOWER_CUT_OFF("a follower is cut off"),
    MINORITY_CRASHES("two followers crash"),
    MINORITY_CUT_OFF("the leader and a follower are cut off"),
    MAJORITY_CRASHES("three followers crash"),
    LINK_CUT("the link between the leader and a follower is cut");

    private final String words;

    StandardFault(String words) {
        this.words = words;
    }

    /** Its number, from 1. */
    public int number() {
        return ordinal() + 1;
    }

    /** As in {@code leaderCrashes}, for programs. */
    String id() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_");
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }

    /**
     * What it is among these replicas.
     *
     * @param followers all but the leader, four of them
     */
    List<Fault> faults(NodeId leader, List<NodeId> followers) {
        return switch (this) {
            case LEADER_CRASHES -> List.of(new Fault.Crash(leader));
            case LEADER_PAUSES -> List.of(new Fault.Pause(leader));
            case LEADER_CUT_OFF -> List.of(new Fault.Isolate(leader));
            case FOLLOWER_CRASHES -> List.of(new Fault.Crash(followers.get(0)));
            case FOLLOWER_PAUSES -> List.of(new Fault.Pause(followers.get(0)));
            case FOLLOWER_CUT_OFF -> List.of(new Fault.Isolate(followers.get(0)));
            case MINORITY_CRASHES -> crashes(followers.subList(0, 2));
            case MINORITY_CUT_OFF ->
                List.of(new Fault.Partition(
                        List.of(Set.of(leader, followers.get(0)), Set.copyOf(followers.subList(1, followers.size())))));
            case MAJORITY_CRASHES -> crashes(followers.subList(0, 3));
            case LINK_CUT -> List.of(cut(leader, followers.get(0)), cut(followers.get(0), leader));
        };
    }

    private static List<Fault> crashes(Collection<NodeId> replicas) {
        return replicas.stream().<Fault>map(Fault.Crash::new).toList();
    }

    private static Fault cut(NodeId from, NodeId to) {
        return new Fault.ChangeLinks(Optional.of(from), Optional.of(to), LinkChange.CUT);
    }

    /** What ends these faults. */
    static List<Fault> ends(List<Fault> faults) {
        List<Fault> ends = new ArrayList<>(List.of(Fault.Heal.ALL));
        for (Fault fault : faults) {
            if (fault instanceof Fault.Crash crash) {
                ends.add(new Fault.Restart(crash.replica()));
            } else if (fault instanceof Fault.Pause pause) {
                ends.add(new Fault.Resume(pause.replica()));
            }
        }
        return ends;
    }

    /** The replicas that can answer nobody meanwhile, whatever the protocol. */
    static Stream<NodeId> struck(List<Fault> faults) {
        return faults.stream()
                .filter(fault -> fault instanceof Fault.Crash || fault instanceof Fault.Pause)
                .map(fault -> ((Fault.OfReplica) fault).replica());
    }

    @Override
    public String toString() {
        return words;
    }
}
