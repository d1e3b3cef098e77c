package io.orrery.report.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.simulation.TraceEvent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A trace as JSON lines, an object for each event, for programs. The fields are described in exports.md. */
public final class TraceJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private TraceJson() {}

    public static List<String> lines(List<TraceEvent> events) {
        return events.stream().map(event -> of(event).toString()).toList();
    }

    private static ObjectNode of(TraceEvent event) {
        ObjectNode json = JSON.objectNode().put("nanos", event.nanos());
        // Such as "buffered": the name of the record is the name of the event.
        json.put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (event instanceof TraceEvent.AtReplica it) {
            json.put("at", it.at().name());
            ofReplica(it, json);
            json.put("clock", it.clock().toString());
        } else if (event instanceof TraceEvent.OfMessage it) {
            ofMessage(it, json);
        } else if (event instanceof TraceEvent.Invoked it) {
            json.put("client", it.client()).put("via", it.via().name()).set("operation", operation(it.operation()));
        } else if (event instanceof TraceEvent.Returned it) {
            json.put("client", it.client()).put("via", it.via().name()).set("operation", operation(it.operation()));
            json.put("tookNanos", it.tookNanos()).set("outcome", outcome(it.outcome()));
        } else if (event instanceof TraceEvent.RequestLost it) {
            json.put("client", it.client()).put("via", it.via().name()).set("operation", operation(it.operation()));
        } else if (event instanceof TraceEvent.Doubled it) {
            json.put("client", it.client()).put("via", it.via().name()).set("operation", operation(it.operation()));
        } else if (event instanceof TraceEvent.AnswerLost it) {
            json.put("client", it.client()).set("outcome", outcome(it.outcome()));
        } else if (event instanceof TraceEvent.Breached it) {
            json.put("invariant", it.invariant().name()).put("what", it.what());
        } else {
            json.put("fault", ((TraceEvent.Faulted) event).fault().toString());
        }
        return json;
    }

    private static void ofReplica(TraceEvent.AtReplica event, ObjectNode json) {
        if (event instanceof TraceEvent.Received it) {
            json.put("client", it.client()).set("operation", operation(it.operation()));
        } else if (event instanceof TraceEvent.Applied it) {
            json.set("update", update(it.update()));
        } else if (event instanceof TraceEvent.Buffered it) {
            json.put("waitsFor", it.waitsFor()).set("update", update(it.update()));
        } else if (event instanceof TraceEvent.Superseded it) {
            json.set("update", update(it.update()));
            json.set("by", update(it.by()));
        } else if (event instanceof TraceEvent.Started it) {
            ArrayNode holds = json.put("incarnation", it.incarnation()).putArray("holds");
            it.holds().forEach(update -> holds.add(update(update)));
        }
    }

    private static void ofMessage(TraceEvent.OfMessage event, ObjectNode json) {
        json.put("from", event.from().name()).put("to", event.to().name()).put("id", event.id());
        json.put("kind", event.message().kind());
        event.message().key().ifPresent(key -> json.put("key", key.name()));
        json.put("message", event.message().toString());
        if (event instanceof TraceEvent.Sent it) {
            json.put("delayNanos", it.delayNanos()).put("clock", it.clock().toString());
        } else if (event instanceof TraceEvent.Delivered it) {
            json.put("clock", it.clock().toString());
        } else {
            json.put("why", ((TraceEvent.Lost) event).why().toString());
        }
    }

    private static ObjectNode operation(Operation operation) {
        ObjectNode json = JSON.objectNode()
                .put("name", operation.name())
                .put("key", operation.key().name());
        if (operation instanceof Operation.Write write) {
            value(Optional.of(write.value()), json);
        } else if (operation instanceof Operation.HandMadeWrite handMadeWrite) {
            value(Optional.of(handMadeWrite.value()), json);
            ObjectNode clock = json.put("from", handMadeWrite.from().name()).putObject("clock");
            handMadeWrite.clock().forEach((replica, count) -> clock.put(replica.name(), count));
        } else if (operation instanceof Operation.CompareAndSet cas) {
            value(cas.value(), json);
            json.put("expected", cas.expected().map(Version::toString).orElse(null));
        }
        return json;
    }

    private static ObjectNode outcome(Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            ObjectNode json = JSON.objectNode().put("result", "done");
            value(done.value(), json);
            done.version().ifPresent(version -> json.put("version", version.toString()));
            return json.put("status", done.status().toString());
        }
        if (outcome instanceof Outcome.Mismatch mismatch) {
            ObjectNode json = JSON.objectNode().put("result", "mismatch");
            value(mismatch.value(), json);
            mismatch.version().ifPresent(version -> json.put("version", version.toString()));
            return json;
        }
        if (outcome instanceof Outcome.Refused refused) {
            String reason = refused.reason().name().toLowerCase(Locale.ROOT);
            return JSON.objectNode()
                    .put("result", "refused")
                    .put("reason", reason)
                    .put("detail", refused.detail());
        }
        return JSON.objectNode().put("result", "unknown").put("detail", ((Outcome.Unknown) outcome).detail());
    }

    private static ObjectNode update(Update update) {
        ObjectNode json = JSON.objectNode().put("key", update.key().name());
        value(update.value(), json);
        return json.put("version", update.version().toString());
    }

    /** Writes the value as JSON; no field if there is none. */
    private static void value(Optional<Value> value, ObjectNode json) {
        value.ifPresent(it -> json.putRawValue("value", new RawValue(it.json())));
    }
}
