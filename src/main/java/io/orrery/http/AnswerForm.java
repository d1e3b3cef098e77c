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
    /** Writes the members after key and value of a successful answer. */
    abstract void writeDone(JsonGenerator json, Operation operation, Outcome.Done done) throws IOException;

    /** The answer to a hand-made write that is outdated. */
    abstract HttpResponse outdated(Key key, String detail);

    /** Adds the members that this form has in every answer. */
    Problem of(Problem problem) {
        return problem;
    }

    /** The form of the store's routes. */
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

    /** The form of the lab on logical clocks: versions are Lamport times, and each answer has the replica's clock. */
    static final class OfLamportLab extends AnswerForm {
        private final NodeId node;
        private final OptionalLong clock;

        /** @param status the replica's status after the operation; empty if it is down or did not answer */
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

        /** Writes a version in the lab's form. */
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

    /** The form of the single-leader lab: a version counts the writes of its key, and each answer names the node. */
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
