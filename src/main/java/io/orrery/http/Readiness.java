package io.orrery.http;

import io.orrery.cluster.Admission;
import io.orrery.cluster.RunningDeployment;
import io.orrery.model.NodeId;

/**
 * Whether a replica has come far enough to be asked: it has recovered and, where there is a cluster, its node
 * belongs to it.
 *
 * @param state one word: {@code ready}, {@code down}, {@code recovering}, {@code joining}, {@code
 *     kept-out}
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
        Admission admission = deployment.admission();
        return switch (admission.state()) {
            case IN -> READY;
            case JOINING -> new Readiness("joining", "node " + id + " waits: " + admission.problem());
            case KEPT_OUT -> new Readiness("kept-out", admission.problem());
        };
    }

    boolean isReady() {
        return problem.isEmpty();
    }
}
