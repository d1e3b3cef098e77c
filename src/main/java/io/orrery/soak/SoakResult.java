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
 * @param lost acknowledged writes that are neither there nor superseded, in words
 * @param invented what is there and nobody wrote, in words
 * @param verdicts on what the protocol promises, and, where it converges, on whether all replicas are equal
 * @param problems what else was not as it should be, in words with the time
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
    /** Of a long list the beginning says enough. */
    static final int SHOWN = 20;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public SoakResult {
        rounds = List.copyOf(rounds);
        lost = List.copyOf(lost);
        invented = List.copyOf(invented);
        problems = List.copyOf(problems);
    }

    /**
     * One round that has been.
     *
     * @param began when the fault began, since the first request
     * @param ended when it had ended
     * @param writes from then on, until a write was acknowledged through each replica
     * @param everywhere from then on, until all showed these writes
     */
    public record Round(PlannedFault fault, Duration began, Duration ended, Duration writes, Duration everywhere) {}

    /** Whether something is certainly not as it was promised. */
    public boolean isViolated() {
        return !lost.isEmpty()
                || !invented.isEmpty()
                || !problems.isEmpty()
                || alive.containsValue(false)
                || verdicts.values().stream().anyMatch(Verdict.Violated.class::isInstance);
    }

    /** Whether all is as it was promised. */
    public boolean holds() {
        return !isViolated() && verdicts.values().stream().allMatch(Verdict.HOLDS::equals);
    }

    /** Writes and deletes that were acknowledged. */
    long acknowledged() {
        return history.ops().stream().filter(op -> op.isWrite() && op.isOk()).count();
    }

    /** For programs, {@link SoakSum} among them. */
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
