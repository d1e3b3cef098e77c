package io.orrery.report.diagram;

import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.network.Fault;
import io.orrery.report.TraceText;
import io.orrery.report.diagram.Diagram.Fate;
import io.orrery.report.diagram.Diagram.Kind;
import io.orrery.scenario.Run;
import io.orrery.simulation.TraceEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Builds the diagram of a run. */
public final class DiagramBuilder {
    private final Lanes lanes;
    private final List<Diagram.Moment> moments = new ArrayList<>();
    private final List<Diagram.Message> messages = new ArrayList<>();
    private final List<Diagram.Operation> operations = new ArrayList<>();
    private final List<Diagram.Wait> waits = new ArrayList<>();
    private final List<Diagram.Outage> outages = new ArrayList<>();
    private final List<Diagram.Disturbance> disturbances = new ArrayList<>();

    /** The last moment of each lane; -1 before the first. */
    private final int[] last;

    // What has begun and not ended, as indices of the lists above.
    private final Map<Transfer, Integer> underWay = new HashMap<>();
    private final Map<String, Integer> open = new HashMap<>();
    private final Map<HeldBack, Integer> held = new LinkedHashMap<>();
    private final Map<NodeId, Integer> out = new HashMap<>();
    private Integer partition;

    private record Transfer(NodeId from, NodeId to, long id) {}

    private record HeldBack(NodeId at, String key, String version) {}

    private DiagramBuilder(Lanes lanes) {
        this.lanes = lanes;
        last = new int[lanes.all().size()];
        Arrays.fill(last, -1);
    }

    /** A file as pictures name it, wherever it lies: the same run makes the same picture on every machine. */
    private static String shown(Path file) {
        Path whole = file.toAbsolutePath().normalize();
        for (int i = whole.getNameCount() - 2; i >= 0; i--) {
            if (whole.getName(i).toString().equals("scenarios")) {
                return whole.subpath(i, whole.getNameCount()).toString().replace('\\', '/');
            }
        }
        return whole.getFileName().toString();
    }

    /** @param events all events of the run, as recorded by {@link io.orrery.simulation.Trace} */
    public static Diagram of(Run run, List<TraceEvent> events) {
        DiagramBuilder builder = new DiagramBuilder(Lanes.of(run.scenario().replicas(), events));
        events.forEach(builder::add);
        Diagram.Head head = new Diagram.Head(
                run.scenario().title(),
                run.scenario().name(),
                shown(Path.of(run.scenario().file())),
                run.scenario().protocol().name(),
                run.seed());
        return new Diagram(
                head,
                builder.lanes.all(),
                builder.moments,
                builder.messages,
                builder.operations,
                builder.waits,
                builder.outages,
                builder.disturbances,
                RunVerdicts.of(
                        run.verdicts(),
                        run.scenario().expected().verdicts(),
                        () -> FinalStates.of(builder.lanes.all(), builder.moments, builder.waits)),
                events.isEmpty() ? 0 : events.get(events.size() - 1).nanos());
    }

    private void add(TraceEvent event) {
        if (event instanceof TraceEvent.OfMessage message) {
            ofMessage(message);
        } else if (event instanceof TraceEvent.AtReplica at) {
            atReplica(at);
        } else if (event instanceof TraceEvent.Invoked it) {
            invoked(it);
        } else if (event instanceof TraceEvent.Returned it) {
            returned(it);
        } else if (event instanceof TraceEvent.Faulted it) {
            faulted(it);
        } else if (event instanceof TraceEvent.Breached it) {
            int moment = moment(it, Diagram.EVERYWHERE, Kind.FAULT, "");
            disturbances.add(new Diagram.Disturbance(
                    moment,
                    OptionalInt.empty(),
                    false,
                    "invariant " + it.invariant().name() + " broken"));
        }
        // What is lost between a client and the replicas has no line to be drawn on: the trace tells it.
    }

    /** Returns the index of the new moment. */
    private int moment(TraceEvent event, int lane, Kind kind, String clock, int cause, List<Diagram.KeyState> holds) {
        int number = moments.size();
        OptionalInt why = cause < 0 ? OptionalInt.empty() : OptionalInt.of(cause);
        moments.add(new Diagram.Moment(number, event.nanos(), lane, kind, TraceText.what(event), clock, why, holds));
        if (lane != Diagram.EVERYWHERE) {
            last[lane] = number;
        }
        return number;
    }

    private int moment(TraceEvent event, int lane, Kind kind, String clock) {
        return moment(event, lane, kind, clock, -1, List.of());
    }

    private void ofMessage(TraceEvent.OfMessage event) {
        int from = lanes.of(event.from());
        int to = lanes.of(event.to());
        Transfer transfer = new Transfer(event.from(), event.to(), event.id());
        if (event instanceof TraceEvent.Sent it) {
            int sent = moment(it, from, Kind.SENT, it.clock().toString());
            underWay.put(transfer, messages.size());
            messages.add(message(it, sent, OptionalInt.empty(), it.delayNanos(), Fate.UNDER_WAY, Optional.empty()));
        } else if (event instanceof TraceEvent.Delivered it) {
            int sent = messages.get(underWay.get(transfer)).sent();
            int arrived = moment(it, to, Kind.DELIVERED, it.clock().toString(), sent, List.of());
            end(transfer, it, arrived, Fate.ARRIVED, Optional.empty());
        } else {
            TraceEvent.Lost it = (TraceEvent.Lost) event;
            Optional<String> why = Optional.of(it.why().toString());
            if (it.why().isOnArrival()) {
                int sent = messages.get(underWay.get(transfer)).sent();
                end(transfer, it, moment(it, to, Kind.LOST, "", sent, List.of()), Fate.LOST, why);
            } else {
                int lost = moment(it, from, Kind.LOST, "");
                messages.add(message(it, lost, OptionalInt.of(lost), 0, Fate.LOST, why));
            }
        }
    }

    private void end(Transfer transfer, TraceEvent.OfMessage event, int ended, Fate fate, Optional<String> loss) {
        int place = underWay.remove(transfer);
        Diagram.Message sent = messages.get(place);
        messages.set(place, message(event, sent.sent(), OptionalInt.of(ended), sent.delayNanos(), fate, loss));
    }

    private Diagram.Message message(
            TraceEvent.OfMessage event, int sent, OptionalInt ended, long delay, Fate fate, Optional<String> loss) {
        io.orrery.protocol.Message message = event.message();
        return new Diagram.Message(
                lanes.of(event.from()),
                lanes.of(event.to()),
                sent,
                ended,
                delay,
                message.kind() + message.key().map(key -> " " + key).orElse(""),
                message.toString(),
                message.bytes() > 0,
                fate,
                loss);
    }

    private void atReplica(TraceEvent.AtReplica event) {
        int lane = lanes.of(event.at());
        String clock = event.clock().toString();
        if (event instanceof TraceEvent.Received it) {
            Integer asked = open.get(it.client());
            int cause = asked == null ? -1 : operations.get(asked).invoked();
            moment(it, lane, Kind.RECEIVED, clock, cause, List.of());
        } else if (event instanceof TraceEvent.Applied it) {
            endWait(it.at(), it.update(), moment(it, lane, Kind.APPLIED, clock, -1, List.of(held(it.update()))));
        } else if (event instanceof TraceEvent.Superseded it) {
            endWait(it.at(), it.update(), moment(it, lane, Kind.SUPERSEDED, clock));
        } else if (event instanceof TraceEvent.Buffered it) {
            int from = moment(it, lane, Kind.HELD, clock);
            held.put(heldBack(it.at(), it.update()), waits.size());
            waits.add(new Diagram.Wait(
                    lane, from, OptionalInt.empty(), it.update().toString(), it.waitsFor()));
        } else if (event instanceof TraceEvent.Started it) {
            List<Diagram.KeyState> holds =
                    it.holds().stream().map(DiagramBuilder::held).toList();
            endOutage(it.at(), moment(it, lane, Kind.STARTED, clock, -1, holds));
        } else if (event instanceof TraceEvent.Stopped it) {
            stopped(it.at(), moment(it, lane, Kind.STOPPED, clock));
        } else if (event instanceof TraceEvent.Paused it) {
            beginOutage(it.at(), moment(it, lane, Kind.PAUSED, clock), true);
        } else {
            endOutage(event.at(), moment(event, lane, Kind.RESUMED, clock));
        }
    }

    private void stopped(NodeId at, int moment) {
        endOutage(at, moment);
        beginOutage(at, moment, false);
        held.entrySet().removeIf(entry -> {
            boolean here = entry.getKey().at().equals(at);
            if (here) {
                endWait(entry.getValue(), moment);
            }
            return here;
        });
    }

    private void beginOutage(NodeId at, int moment, boolean isPause) {
        if (!out.containsKey(at)) {
            out.put(at, outages.size());
            outages.add(new Diagram.Outage(lanes.of(at), moment, OptionalInt.empty(), isPause));
        }
    }

    private void endOutage(NodeId at, int moment) {
        Integer place = out.remove(at);
        if (place != null) {
            Diagram.Outage outage = outages.get(place);
            outages.set(
                    place, new Diagram.Outage(outage.lane(), outage.from(), OptionalInt.of(moment), outage.isPause()));
        }
    }

    private void endWait(NodeId at, Update update, int moment) {
        Integer place = held.remove(heldBack(at, update));
        if (place != null) {
            endWait(place, moment);
        }
    }

    private void endWait(int place, int moment) {
        Diagram.Wait wait = waits.get(place);
        waits.set(
                place,
                new Diagram.Wait(wait.lane(), wait.from(), OptionalInt.of(moment), wait.update(), wait.waitsFor()));
    }

    private static HeldBack heldBack(NodeId at, Update update) {
        return new HeldBack(at, update.key().name(), update.version().toString());
    }

    private static Diagram.KeyState held(Update update) {
        return new Diagram.KeyState(
                update.key().name(),
                update.value().map(Value::json),
                update.version().toString());
    }

    private void invoked(TraceEvent.Invoked event) {
        int lane = lanes.of(event.client());
        int moment = moment(event, lane, Kind.INVOKED, "");
        open.put(event.client(), operations.size());
        operations.add(new Diagram.Operation(
                operations.size(),
                lane,
                lanes.of(event.via()),
                moment,
                OptionalInt.empty(),
                OperationText.label(event.operation(), Optional.empty()),
                OperationText.full(event.client(), event.operation(), event.via()),
                event.operation() instanceof Operation.Read,
                Diagram.Answer.UNKNOWN));
    }

    private void returned(TraceEvent.Returned event) {
        int place = open.remove(event.client());
        Diagram.Operation asked = operations.get(place);
        boolean answered = event.outcome().isAnswer();
        int moment = moment(event, asked.lane(), Kind.RETURNED, "", answered ? last[asked.via()] : -1, List.of());
        Operation operation = event.operation();
        operations.set(
                place,
                new Diagram.Operation(
                        asked.number(),
                        asked.lane(),
                        asked.via(),
                        asked.invoked(),
                        OptionalInt.of(moment),
                        OperationText.label(operation, Optional.of(event.outcome())),
                        asked.text() + " -> " + TraceText.outcome(event.outcome()),
                        asked.isRead(),
                        OperationText.answer(event.outcome())));
    }

    private void faulted(TraceEvent.Faulted event) {
        int lane = event.fault() instanceof Fault.OfReplica at ? lanes.of(at.replica()) : Diagram.EVERYWHERE;
        int moment = moment(event, lane, Kind.FAULT, "");
        boolean splits = event.fault() instanceof Fault.Partition;
        if (partition != null && (splits || event.fault().equals(Fault.Heal.ALL))) {
            Diagram.Disturbance before = disturbances.get(partition);
            disturbances.set(
                    partition, new Diagram.Disturbance(before.from(), OptionalInt.of(moment), true, before.text()));
            partition = null;
        }
        if (splits) {
            partition = disturbances.size();
        }
        disturbances.add(new Diagram.Disturbance(
                moment, OptionalInt.empty(), splits, event.fault().toString()));
    }
}
