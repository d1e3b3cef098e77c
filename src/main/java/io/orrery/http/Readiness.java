package io.orrery.http;

import io.orrery.cluster.MemberState;
import io.orrery.cluster.RunningDeployment;
import io.orrery.model.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * Whether a replica has come far enough to be asked: it has recovered and, where there is a cluster, its node is in it.
 *
 * @param state one word: {@code ready}, {@code down}, {@code recovering}, {@code joining}
 * @param problem what it still waits for, in words for people; empty when it is ready
 */
record Readiness(String state, String problem) {
    private static final Readiness READY = new Readiness("ready", "");

    static Readiness of(RunningDeployment deployment, NodeId id) {
        if (!deployment.client(id).isUp()) {
            return new Readiness("down", "replica " + id + " is down");
        }
        if (deployment.client(id).isRecovering()) {
            return new Readiness("recovering", "replica " + id + " reads its journal");
        }
        Optional<List<MemberState>> members = deployment.members();
        boolean isIn = members.isEmpty()
                || members.get().stream().anyMatch(it -> it.node().equals(id) && it.isCurrent() && it.isUp());
        return isIn ? READY : new Readiness("joining", "node " + id + " is not a member of its cluster yet");
    }

    boolean isReady() {
        return problem.isEmpty();
    }
}
