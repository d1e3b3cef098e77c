package io.orrery.report.diagram;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Value;
import io.orrery.report.TraceText;
import java.util.Optional;

/** Operations in words. */
final class OperationText {
    /** A longer value is cut off. */
    private static final int VALUE = 14;

    private OperationText() {}

    /** In a few characters: {@code put x=1}, {@code get x → 1}; {@code ?} if unknown, {@code ✗} if refused. */
    static String label(Operation operation, Optional<Outcome> outcome) {
        String mark = outcome.map(OperationText::answer)
                .map(answer -> switch (answer) {
                    case DONE -> "";
                    case REFUSED -> " ✗";
                    case UNKNOWN -> " ?";
                })
                .orElse(" ?");
        if (operation instanceof Operation.Write write) {
            return "put " + write.key() + "=" + shortened(write.value()) + mark;
        }
        if (operation instanceof Operation.HandMadeWrite handMadeWrite) {
            return "sync " + handMadeWrite.key() + "=" + shortened(handMadeWrite.value()) + mark;
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            String compared = "cas " + cas.key() + "="
                    + cas.value().map(OperationText::shortened).orElse("nothing");
            return compared
                    + (outcome.filter(it -> it instanceof Outcome.Mismatch).isPresent() ? " ≠" : mark);
        }
        if (operation instanceof Operation.Delete) {
            return "delete " + operation.key() + mark;
        }
        String saw = outcome.filter(it -> it instanceof Outcome.Done)
                .map(it -> " → "
                        + ((Outcome.Done) it)
                                .value()
                                .map(OperationText::shortened)
                                .orElse("nothing"))
                .orElse("");
        return "get " + operation.key() + saw + mark;
    }

    private static String shortened(Value value) {
        return shortened(value.json());
    }

    /** @param json a value */
    static String shortened(String json) {
        return json.codePointCount(0, json.length()) <= VALUE
                ? json
                : json.substring(0, json.offsetByCodePoints(0, VALUE - 1)) + "…";
    }

    static String full(String client, Operation operation, NodeId via) {
        return client + " at " + via + ": " + TraceText.operation(operation);
    }

    static Diagram.Answer answer(Outcome outcome) {
        if (outcome.isAnswer()) {
            return Diagram.Answer.DONE;
        }
        return outcome instanceof Outcome.Refused ? Diagram.Answer.REFUSED : Diagram.Answer.UNKNOWN;
    }
}
