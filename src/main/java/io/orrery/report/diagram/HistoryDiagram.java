package io.orrery.report.diagram;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import io.orrery.history.Event;
import io.orrery.history.History;
import io.orrery.history.Op;
import io.orrery.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds the diagram of a history: a lane for each client, and nothing of replicas. */
public final class HistoryDiagram {
    private HistoryDiagram() {}

    /**
     * The diagram of a history.
     *
     * @param words what stands below the title
     * @param expected the models that it is there to show; the witness against the first that is violated is drawn
     */
    public static Diagram of(
            String title, String words, History history, Map<Model, Verdict> verdicts, Map<Model, Boolean> expected) {
        List<String> clients =
                history.events().stream().map(Event::process).distinct().toList();
        List<Diagram.Moment> moments = new ArrayList<>();
        for (Event event : history.events()) {
            moments.add(new Diagram.Moment(
                    moments.size(),
                    event.time(),
                    clients.indexOf(event.process()),
                    event.type() == Event.Type.INVOKE ? Diagram.Kind.INVOKED : Diagram.Kind.RETURNED,
                    event.process() + " " + event.type() + " " + event.f() + " " + event.key(),
                    "",
                    OptionalInt.empty(),
                    List.of()));
        }
        return new Diagram(
                new Diagram.Head(title, "", words, "", 0),
                clients.stream().map(client -> new Diagram.Lane(client, false)).toList(),
                moments,
                List.of(),
                history.ops().stream()
                        .map(op -> operation(op, clients.indexOf(op.process())))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                RunVerdicts.of(verdicts, expected, List::of),
                moments.isEmpty() ? 0 : moments.get(moments.size() - 1).nanos());
    }

    private static Diagram.Operation operation(Op op, int lane) {
        return new Diagram.Operation(
                op.number(),
                lane,
                lane,
                op.invokedAt(),
                op.completedAt() == Op.NEVER ? OptionalInt.empty() : OptionalInt.of(op.completedAt()),
                label(op),
                op.words(),
                op.isRead(),
                op.isOk() ? Diagram.Answer.DONE : op.isFailed() ? Diagram.Answer.REFUSED : Diagram.Answer.UNKNOWN);
    }

    private static String label(Op op) {
        String what = switch (op.f()) {
            case READ -> "get " + op.key() + (op.isOk() ? " → " + shown(op.value()) : "");
            case WRITE -> "put " + op.key() + "=" + shown(op.value());
            case DELETE -> "delete " + op.key();
            case CAS -> "cas " + op.key() + " " + shown(op.expected()) + " → " + shown(op.value());
        };
        String version = op.version() == null ? "" : " @" + op.version();
        return what + version + (op.isOk() ? "" : op.isFailed() ? " ✗" : " ?");
    }

    private static String shown(Value value) {
        return Optional.ofNullable(value)
                .map(it -> OperationText.shortened(it.json()))
                .orElse("nothing");
    }
}
