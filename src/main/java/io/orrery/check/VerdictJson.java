package io.orrery.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.orrery.history.Op;
import io.orrery.model.Value;
import java.util.List;
import java.util.Locale;

/** Verdicts as JSON, for programs. */
public final class VerdictJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private VerdictJson() {}

    /**
     * A verdict: {@code model} and {@code verdict}; of an undecided one {@code cause} and {@code reason}; of a violated one
     * {@code witness} with {@code pattern}, {@code explanation}, {@code operations}, and for linearizable {@code partial}
     * and {@code unplaced}, and {@code since}, where the witness is that of a weaker model.
     */
    public static ObjectNode of(Model model, Verdict verdict) {
        ObjectNode json = JSON.objectNode().put("model", model.id()).put("verdict", verdict.word());
        if (verdict instanceof Verdict.Undecided undecided) {
            json.put("cause", undecided.cause().name().toLowerCase(Locale.ROOT));
            json.put("reason", undecided.reason());
        } else if (verdict instanceof Verdict.Violated violated) {
            if (violated.since() != null) {
                json.put("since", violated.since().id());
            }
            json.set("witness", witness(violated.witness()));
        }
        return json;
    }

    private static ObjectNode witness(Witness witness) {
        ObjectNode json = JSON.objectNode().put("pattern", witness.pattern()).put("explanation", witness.explanation());
        json.set("operations", ops(witness.operations()));
        if (witness.unplaced() != null) {
            json.set("partial", ops(witness.partial()));
            json.set("unplaced", op(witness.unplaced()));
        }
        return json;
    }

    private static ArrayNode ops(List<Op> ops) {
        ArrayNode array = JSON.arrayNode();
        ops.forEach(op -> array.add(op(op)));
        return array;
    }

    private static ObjectNode op(Op op) {
        ObjectNode json = JSON.objectNode()
                .put("operation", op.number())
                .put("process", op.process())
                .put("type", op.isOk() ? "ok" : op.isFailed() ? "fail" : "info")
                .put("f", op.f().toString())
                .put("key", op.key().name());
        if (op.isCas()) {
            json.putArray("value").add(tree(op.expected())).add(tree(op.value()));
            json.put("result", op.isOk() ? !op.isMismatch() : null);
        } else {
            json.set("value", tree(op.value()));
        }
        if (op.version() != null) {
            json.put("version", op.version().toString());
        }
        if (op.node() != null) {
            json.put("node", op.node().name());
        }
        json.put("invoked", op.invocation().time());
        json.put("completed", op.completion() == null ? null : op.completion().time());
        return json;
    }

    private static JsonNode tree(Value value) {
        return value == null ? JSON.nullNode() : JSON.rawValueNode(new RawValue(value.json()));
    }
}
