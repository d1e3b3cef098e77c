package io.orrery.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.check.VerdictJson;
import io.orrery.deployment.Deployment;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The result of a soak.
 *
 * @param took from the first request of a client to the last
 * @param lost acknowledged writes that are neither present nor superseded, in words
 * @param invented data that nobody wrote, in words
 * @param verdicts on the protocol's promises, and on convergence if the protocol converges
 * @param problems any other problems, in words with the time
 * @param isInterrupted whether it was told to end before its time
 */
public record SoakResult(
        Deployment deployment,
        long seed,
        Duration took,
        History history,
        List<Round> rounds,
        List<String> lost,
        List<String> invented,
        Map<Model, Verdict> verdicts,
        Map<NodeId, Boolean> alive,
        List<String> problems,
        boolean isInterrupted) {
    /** The maximum number of entries shown of a long list. */
    static final int SHOWN = 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public SoakResult {
        rounds = List.copyOf(rounds);
        lost = List.copyOf(lost);
        invented = List.copyOf(invented);
        problems = List.copyOf(problems);
    }

    /**
     * One past round.
     *
     * @param began when the fault began, since the first request
     * @param ended when it had ended
     * @param writes the time from then until a write was acknowledged through each replica
     * @param everywhere the time from then until all replicas showed these writes
     */
    public record Round(PlannedFault fault, Duration began, Duration ended, Duration writes, Duration everywhere) {}

    /** Whether a promise was violated for certain. */
    public boolean isViolated() {
        return !lost.isEmpty()
                || !invented.isEmpty()
                || !problems.isEmpty()
                || alive.containsValue(false)
                || verdicts.values().stream().anyMatch(Verdict.Violated.class::isInstance);
    }

    /** Whether all promises held. */
    public boolean holds() {
        return !isViolated() && verdicts.values().stream().allMatch(Verdict.HOLDS::equals);
    }

    /** The number of acknowledged writes and deletes. */
    long acknowledged() {
        return history.ops().stream().filter(op -> op.isWrite() && op.isOk()).count();
    }

    /** For programs; also read by {@link SoakSum}. */
    public ObjectNode json() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("scenario", "soak")
                .put("title", deployment.title())
                .put("protocol", deployment.protocol().name())
                .put("seed", seed)
                .put("holds", holds())
                .put("violated", isViolated())
                .put("interrupted", isInterrupted)
                .put("seconds", took.toNanos() / 1e9)
                .put("operations", history.ops().size())
                .put("acknowledgedWrites", acknowledged())
                .put("unknown", history.ops().stream().filter(Op::isUnknown).count())
                .put("refused", history.ops().stream().filter(Op::isFailed).count())
                .put("writesLost", lost.size())
                .put("writesInvented", invented.size());
        shown(json.putArray("lost"), lost);
        shown(json.putArray("invented"), invented);
        ArrayNode judged = json.putArray("verdicts");
        verdicts.forEach((model, verdict) -> judged.add(VerdictJson.of(model, verdict)));
        ObjectNode living = json.putObject("alive");
        alive.forEach((id, is) -> living.put(id.name(), is));
        problems.forEach(json.putArray("problems")::add);
        ArrayNode faults = json.putArray("rounds");
        for (Round round : rounds) {
            faults.addObject()
                    .put("fault", round.fault().kind().id())
                    .put("what", round.fault().toString())
                    .put("beganSeconds", round.began().toNanos() / 1e9)
                    .put("endedSeconds", round.ended().toNanos() / 1e9)
                    .put("writesMillis", round.writes().toNanos() / 1e6)
                    .put("everywhereMillis", round.everywhere().toNanos() / 1e6);
        }
        return json;
    }

    private static void shown(ArrayNode array, List<String> all) {
        all.stream().limit(SHOWN).forEach(array::add);
    }
}
