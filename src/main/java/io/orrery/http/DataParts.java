package io.orrery.http;

import io.orrery.model.Update;
import io.orrery.model.Value;
import io.orrery.replica.ReplicaActor;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * All that a replica held at one moment, as the parts of one JSON document. Each part is made when the client takes it:
 * what an answer needs does not grow with the size of the values.
 */
final class DataParts implements Iterator<ByteString> {
    /** How large a part is, in bytes, but for its last value. */
    static final int SIZE = 64 << 10;

    private final String node;
    private final Iterator<Update> updates;
    private long written;
    private boolean ended;

    DataParts(ReplicaActor.Data data) {
        this.node = data.node().name();
        this.updates = data.sorted().stream()
                .filter(update -> update.value().isPresent())
                .iterator();
    }

    /** What is small goes as it is, with its length; only what is large goes in parts. */
    static HttpResponse response(ReplicaActor.Data data) {
        DataParts parts = new DataParts(data);
        ByteString first = parts.next();
        return HttpResponse.create()
                .withEntity(
                        parts.hasNext()
                                ? HttpEntities.createChunked(
                                        ContentTypes.APPLICATION_JSON,
                                        Source.single(first).concat(Source.fromIterator(() -> parts)))
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
        if (written == 0) {
            put(part, "{\"node\":" + Value.of(node) + ",\"data\":[");
        }
        while (updates.hasNext() && part.length() < SIZE) {
            Update update = updates.next();
            if (written++ > 0) {
                put(part, ",");
            }
            part.putBytes(Json.object(json -> Json.writeUpdate(json, update)));
        }
        if (!updates.hasNext()) {
            put(part, "]}");
            ended = true;
        }
        return part.result();
    }

    private static void put(ByteStringBuilder part, String text) {
        part.putBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
