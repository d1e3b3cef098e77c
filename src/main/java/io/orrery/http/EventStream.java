package io.orrery.http;

import io.orrery.model.NodeId;
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

/** One reader of an {@link EventLog}, as server-sent events. It takes as much as the client does, and buffers nothing. */
final class EventStream extends GraphStage<SourceShape<ByteString>> {
    private static final int BATCH = 100;
    private static final long BATCH_BYTES = 256 << 10;

    private final Outlet<ByteString> out = Outlet.create("events");
    private final SourceShape<ByteString> shape = SourceShape.of(out);
    private final NodeId node;
    private final String run;
    private final EventLog log;
    private final long after;

    /**
     * @param run names this run of the server: numbers of another run mean nothing here
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
                // Tells the reader its place even when nothing happens, and sends the response's head off.
                greeted = true;
                push(out, ByteString.fromString("id: " + run + "-" + position + "\n\n"));
                return;
            }
            EventLog.Batch batch = log.after(position, BATCH, BATCH_BYTES);
            if (!batch.events().isEmpty()) {
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
                append(text, "id: " + run + "-" + event.number() + "\ndata: ");
                // Compact JSON has no line breaks, which would end the event.
                text.append(ByteString.fromArrayUnsafe(Json.object(json -> {
                    Json.writeUpdate(json, event.update());
                    json.writeStringField("node", node.name());
                })));
                append(text, "\n\n");
                position = event.number();
            }
            return text.result();
        }

        private void append(ByteStringBuilder text, String part) {
            text.append(ByteString.fromArrayUnsafe(part.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void postStop() {
            log.forget(wake);
        }
    }
}
