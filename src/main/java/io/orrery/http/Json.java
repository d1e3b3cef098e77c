package io.orrery.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.orrery.model.Update;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.util.ByteString;

/** JSON answers, written directly as bytes. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes members of an open object. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] object(Members members) {
        return document(json -> {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        });
    }

    static byte[] document(Members content) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(FACTORY._getBufferRecycler(), 256)) {
            try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
                content.write(json);
            }
            return bytes.getClearAndRelease();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the members of an update: key, value (or {@code "deleted": true}) and version. */
    static void writeUpdate(JsonGenerator json, Update update) throws IOException {
        json.writeStringField("key", update.key().name());
        if (update.value().isPresent()) {
            json.writeFieldName("value");
            json.writeRawValue(update.value().get().json());
        } else {
            json.writeBooleanField("deleted", true);
        }
        json.writeStringField("version", update.version().toString());
    }

    static HttpResponse ok(byte[] document) {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(document)));
    }

    static HttpResponse response(StatusCode status, ContentType type, byte[] document) {
        HttpEntity.Strict entity = HttpEntities.create(type, ByteString.fromArrayUnsafe(document));
        return HttpResponse.create().withStatus(status).withEntity(entity);
    }
}
