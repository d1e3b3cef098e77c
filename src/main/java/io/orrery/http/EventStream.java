package io.orrery.http;

import io.orrery.model.NodeId;
import io.orrery.model.Update;
import io.orrery.model.Value;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * One reader of an {@link EventLog}, as server-sent events. It sends small parts at the client's pace and holds no
 * event, only its position in the log, which may be within an event. If a half-sent event is evicted, the stream ends,
 * and the client resumes after its last complete event.
 */
final class EventStream extends GraphStage<SourceShape<ByteString>> {
    private static final int BATCH = 100;
    /** The approximate size of a part, however large an event is, since the connection buffers several parts. */
    private static final int PART = ValueParts.LETTERS;

    private final Outlet<ByteString> out = Outlet.create("events");
    private final SourceShape<ByteString> shape = SourceShape.of(out);
    private final NodeId node;
    private final String run;
    private final EventLog log;
    private final long after;

    /**
     * @param run identifies this run of the server: event numbers of other runs are meaningless
     * @param after the number of the last event that the reader has
     */
    EventStream(NodeId node, String run, EventLog log, long after) {
        this.node = node;
        this.run = run;
        this.log = log;
        this.after = after;
    }

    @Override
    public SourceShape<ByteString> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Reader();
    }

    private final class Reader extends GraphStageLogic {
        private final AsyncCallback<Boolean> woken = createAsyncCallback(ignored -> emit());
        private final Runnable wake = () -> woken.invoke(true);
        private long position = after;
        /** How much of the next event's value has been sent. */
        private int sent;

        private boolean greeted;

        Reader() {
            super(shape);
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    emit();
                }
            });
        }

        private void emit() {
            if (!isAvailable(out)) {
                return;
            }
            if (!greeted) {
                // Tells the reader its position even if nothing happens, and sends the head of the response.
                greeted = true;
                push(out, ByteString.fromString("id: " + run + "-" + position + "\n\n"));
                return;
            }
            EventLog.Batch batch = log.after(position, BATCH, PART);
            if (sent > 0 && batch.missed() > 0) {
                complete(out);
            } else if (!batch.events().isEmpty()) {
                push(out, encode(batch));
            } else if (log.isClosed()) {
                complete(out);
            } else {
                log.whenAfter(position, wake);
            }
        }

        private ByteString encode(EventLog.Batch batch) {
            ByteStringBuilder text = new ByteStringBuilder();
            if (batch.missed() > 0) {
                append(text, "event: missed\ndata: {\"missed\":" + batch.missed() + "}\n\n");
            }
            for (EventLog.Event event : batch.events()) {
                if (text.length() >= PART) {
                    break;
                }
                encode(event, text);
            }
            return text.result();
        }

        /** Compact JSON has no line breaks, which would end the event. */
        private void encode(EventLog.Event event, ByteStringBuilder text) {
            Update update = event.update();
            if (sent == 0) {
                append(
                        text,
                        "id: " + run + "-" + event.number() + "\ndata: {\"key\":"
                                + Value.of(update.key().name())
                                + (update.value().isPresent() ? ",\"value\":" : ",\"deleted\":true"));
            }
            String value = update.value().map(Value::json).orElse("");
            int end = ValueParts.end(value, sent);
            append(text, value.substring(sent, end));
            if (end < value.length()) {
                sent = end;
                return;
            }
            append(text, ",\"version\":\"" + update.version() + "\",\"node\":\"" + node + "\"}\n\n");
            sent = 0;
            position = event.number();
        }

        private void append(ByteStringBuilder text, String part) {
            text.append(ByteString.fromArrayUnsafe(part.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void preStart() {
            log.readersChange(1);
        }

        @Override
        public void postStop() {
            log.readersChange(-1);
            log.forget(wake);
        }
    }
}
