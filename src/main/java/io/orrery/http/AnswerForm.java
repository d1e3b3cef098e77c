package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.model.Version;
import io.orrery.protocol.ReplicaStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** The form of an answer: the members besides key and value. */
abstract class AnswerForm {
    /** Writes what stands after the key and the value of what is done. */
    abstract void writeDone(JsonGenerator json, Operation operation, Outcome.Done done) throws IOException;

    /** The answer to an outdated write made by hand. */
    abstract HttpResponse outdated(Key key, String detail);

    /** The same problem, with what this form has in each answer. */
    Problem of(Problem problem) {
        return problem;
    }

    /** The form of the store's own routes. */
    static final class OfStore extends AnswerForm {
        private final NodeId node;

        OfStore(NodeId node) {
            this.node = node;
        }

        @Override
        void writeDone(JsonGenerator json, Operation operation, Outcome.Done done) throws IOException {
            if (done.version().isPresent()) {
                json.writeStringField("version", done.version().get().toString());
            }
            json.writeStringField("node", node.name());
            json.writeStringField("status", done.status().toString());
        }

        @Override
        HttpResponse outdated(Key key, String detail) {
            return Problem.of(StatusCodes.CONFLICT, detail)
                    .with("key", key.name())
                    .with("node", node.name())
                    .response();
        }
    }

    /** The form of the lab on logical clocks: versions are Lamport times, and each answer tells the clock. */
    static final class OfLamportLab extends AnswerForm {
        private final NodeId node;
        private final OptionalLong clock;

        /** @param status of the replica after what is told; empty where it is down, or has not said it */
        OfLamportLab(NodeId node, Optional<ReplicaStatus> status) {
            this.node = node;
            this.clock = status.map(ReplicaStatus::lamport).orElse(OptionalLong.empty());
        }

        @Override
        void writeDone(JsonGenerator json, Operation operation, Outcome.Done done) throws IOException {
            json.writeBooleanField("ok", true);
            json.writeStringField("node", node.name());
            if (done.version().isPresent()) {
                writeTime(json, done.version().get());
            }
            if (!(operation instanceof Operation.Read)) {
                json.writeBooleanField("applied", done.status() == Outcome.Status.APPLIED);
            }
            writeClock(json);
        }

        /** Of a version, in the words of the lab. */
        static void writeTime(JsonGenerator json, Version version) throws IOException {
            json.writeNumberField("ts", version.counter());
            json.writeStringField("origin", version.origin().node().name());
        }

        private void writeClock(JsonGenerator json) throws IOException {
            if (clock.isPresent()) {
                json.writeNumberField("lamport", clock.getAsLong());
            }
        }

        @Override
        HttpResponse outdated(Key key, String detail) {
            return Json.ok(Json.object(json -> {
                json.writeStringField("key", key.name());
                json.writeBooleanField("ok", true);
                json.writeStringField("node", node.name());
                json.writeBooleanField("applied", false);
                json.writeStringField("detail", detail);
                writeClock(json);
            }));
        }

        @Override
        Problem of(Problem problem) {
            return problem.with(json -> {
                json.writeBooleanField("ok", false);
                json.writeStringField("error", problem.getMessage());
                writeClock(json);
            });
        }
    }

    /** The form of the single-leader lab: a version is the number of the write of its key, and each answer names the node. */
    static final class OfQuorumLab extends AnswerForm {
        private final NodeId node;

        OfQuorumLab(NodeId node) {
            this.node = node;
        }

        @Override
        void writeDone(JsonGenerator json, Operation operation, Outcome.Done done) throws IOException {
            if (done.version().isPresent()) {
                json.writeNumberField("version", done.version().get().counter());
            }
            json.writeStringField("node_id", node.name());
            json.writeStringField("status", done.status().toString());
        }

        @Override
        HttpResponse outdated(Key key, String detail) {
            return Json.ok(Json.object(json -> {
                json.writeStringField("key", key.name());
                json.writeStringField("node_id", node.name());
                json.writeStringField("status", "outdated");
                json.writeStringField("detail", detail);
            }));
        }

        @Override
        Problem of(Problem problem) {
            return problem.with("node_id", node.name());
        }
    }
}
