package io.orrery.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * An error for clients: a problem document (RFC 9457) with {@code type}, {@code title}, {@code status} and {@code
 * detail}. Throw it from a route, or answer with {@link #response}.
 */
final class Problem extends RuntimeException {
    private static final ContentType TYPE = MediaTypes.applicationWithFixedCharset("problem+json", HttpCharsets.UTF_8)
            .toContentType();

    /** The maximum length of text quoted from a request, since its beginning is enough to explain the error. */
    private static final int MOST_LETTERS = 2_000;

    private final transient StatusCode status;
    private final transient List<Json.Members> members = new ArrayList<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(StatusCode status, String detail) {
        super(shortened(detail), null, false, false);
        this.status = status;
    }

    private static String shortened(String detail) {
        if (detail.length() <= MOST_LETTERS) {
            return detail;
        }
        int half = MOST_LETTERS / 2;
        return detail.substring(0, half) + " … " + detail.substring(detail.length() - half);
    }

    static Problem of(StatusCode status, String detail) {
        return new Problem(status, detail);
    }

    static Problem badRequest(String detail) {
        return of(StatusCodes.BAD_REQUEST, detail);
    }

    static Problem notFound(String detail) {
        return of(StatusCodes.NOT_FOUND, detail);
    }

    static Problem methodNotAllowed(String method, String path, String allowed) {
        return of(StatusCodes.METHOD_NOT_ALLOWED, path + " takes " + allowed + ", not " + method)
                // HEAD is answered wherever GET is.
                .header("Allow", allowed.replace("GET", "GET, HEAD"));
    }

    /** For a replica that may be able to answer a little later. */
    static Problem unavailable(String detail) {
        return of(StatusCodes.SERVICE_UNAVAILABLE, detail).header("Retry-After", "1");
    }

    static Problem internal() {
        return of(StatusCodes.INTERNAL_SERVER_ERROR, "an internal error; the server's log says more");
    }

    /** Adds a member for programs. */
    Problem with(String member, String value) {
        return with(json -> json.writeStringField(member, value));
    }

    Problem with(Json.Members further) {
        members.add(further);
        return this;
    }

    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpResponse response() {
        byte[] document = Json.object(json -> {
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", status.reason());
            json.writeNumberField("status", status.intValue());
            json.writeStringField("detail", getMessage());
            for (Json.Members further : members) {
                further.write(json);
            }
        });
        HttpResponse response = Json.response(status, TYPE, document);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            response = response.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        return response;
    }
}
