package io.orrery.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaActor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * A JSON document with a snapshot of a replica, as a sequence of parts. Each part is made when the client is ready for
 * it, so memory does not grow with the size of the values.
 */
final class DataParts implements Iterator<ByteString> {
    /** The size of a part in bytes, not counting its last value. */
    static final int SIZE = 64 << 10;

    private final String head;
    private final Iterator<Update> updates;
    private final Function<Update, String> item;
    private final String tail;
    private long written;
    private boolean begun;
    private boolean ended;

    private DataParts(String head, List<Update> updates, Function<Update, String> item, String tail) {
        this.head = head;
        this.updates = updates.iterator();
        this.item = item;
        this.tail = tail;
    }

    /** {@code {"node", "data": […]}} with the updates in the order of their keys. */
    static DataParts list(ReplicaActor.Data data) {
        return new DataParts(
                "{\"node\":" + Value.of(data.node().name()) + ",\"data\":[",
                present(data),
                update -> text(Json.object(json -> Json.writeUpdate(json, update))),
                "]}");
    }

    /** {@code {"node_id", "count", "data": {KEY: {"value", "version"}}}}, the form of the single-leader lab. */
    static DataParts map(ReplicaActor.Data data) {
        List<Update> present = present(data);
        return new DataParts(
                "{\"node_id\":" + Value.of(data.node().name()) + ",\"count\":" + present.size() + ",\"data\":{",
                present,
                member((json, update) ->
                        json.writeNumberField("version", update.version().counter())),
                "}}");
    }

    /**
     * A document with an additional member: {@code "store": {KEY: {"value", "ts", "origin"}}}, the form of the lab on
     * logical clocks.
     *
     * @param document a JSON object with at least one member
     */
    static DataParts store(byte[] document, ReplicaActor.Data data) {
        return new DataParts(
                new String(document, 0, document.length - 1, StandardCharsets.UTF_8) + ",\"store\":{",
                present(data),
                member((json, update) -> AnswerForm.OfLamportLab.writeTime(json, update.version())),
                "}}");
    }

    /** The same document without a visible store. */
    static byte[] noStore(byte[] document) {
        String open = new String(document, 0, document.length - 1, StandardCharsets.UTF_8);
        return (open + ",\"store\":null}").getBytes(StandardCharsets.UTF_8);
    }

    /** The updates that are not deletions, in the order of the keys. */
    private static List<Update> present(ReplicaActor.Data data) {
        return data.sorted().stream().filter(update -> !update.isTombstone()).toList();
    }

    /** Writes the members after an update's value. */
    @FunctionalInterface
    private interface Rest {
        void write(JsonGenerator json, Update update) throws IOException;
    }

    private static Function<Update, String> member(Rest rest) {
        return update -> Value.of(update.key().name()) + ":"
                + text(Json.object(json -> {
                    json.writeFieldName("value");
                    json.writeRawValue(update.value().orElseThrow().json());
                    rest.write(json, update);
                }));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** The answer: a small document with its length, a large one in chunks. */
    HttpResponse response() {
        ByteString first = next();
        return HttpResponse.create()
                .withEntity(
                        hasNext()
                                ? HttpEntities.createChunked(
                                        ContentTypes.APPLICATION_JSON,
                                        Source.single(first).concat(Source.fromIterator(() -> this)))
                                : HttpEntities.create(ContentTypes.APPLICATION_JSON, first));
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public ByteString next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        ByteStringBuilder part = new ByteStringBuilder();
        if (!begun) {
            put(part, head);
            begun = true;
        }
        while (updates.hasNext() && part.length() < SIZE) {
            if (written++ > 0) {
                put(part, ",");
            }
            put(part, item.apply(updates.next()));
        }
        if (!updates.hasNext()) {
            put(part, tail);
            ended = true;
        }
        return part.result();
    }

    private static void put(ByteStringBuilder part, String text) {
        part.putBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
