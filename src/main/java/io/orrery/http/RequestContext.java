package io.orrery.http;

import io.orrery.client.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.http.scaladsl.model.Uri;
import org.apache.pekko.util.ByteString;

/**
 * A request with its parsed path.
 *
 * @param path the segments, percent-decoded: {@code /kv/a%2Fb} is {@code kv}, {@code a/b}
 */
record RequestContext(HttpRequest request, List<String> path) {
    private static final List<String> CONDITIONS = List.of("If-Unmodified-Since", "Content-Range");
    /** Those that a key's own route looks at. */
    private static final List<String> COMPARISONS = List.of(Headers.IF_MATCH, Headers.IF_NONE_MATCH);

    /** Pekko's content type for a request without one. */
    private static final String UNNAMED = "application/octet-stream";

    static RequestContext of(HttpRequest request) {
        List<String> segments = new ArrayList<>(4);
        Uri.Path rest = ((org.apache.pekko.http.scaladsl.model.HttpRequest) request)
                .uri()
                .path();
        while (rest.startsWithSlash()) {
            rest = rest.tail();
            if (rest.startsWithSegment()) {
                segments.add((String) rest.head());
                rest = rest.tail();
            } else {
                segments.add("");
            }
        }
        RequestContext requestContext = new RequestContext(request, segments);
        if (segments.isEmpty() && !requestContext.isForTheServer()) {
            segments.add(""); // "http://localhost" is "http://localhost/" (RFC 9110, section 4.2.3).
        }
        return requestContext;
    }

    /** The same request with its body read. */
    RequestContext withBody(RequestEntity body) {
        return new RequestContext(request.withEntity(body), path);
    }

    /** Whether the path and the query, decoded, are valid UTF-8. */
    boolean isUtf8() {
        String sent = sent();
        ByteBuffer bytes = ByteBuffer.allocate(sent.length());
        for (int i = 0; i < sent.length(); i++) {
            boolean isEncoded = sent.charAt(i) == '%';
            bytes.put((byte) (isEncoded ? Integer.parseInt(sent.substring(i + 1, i + 3), 16) : sent.charAt(i)));
            i += isEncoded ? 2 : 0;
        }
        return isUtf8(bytes.flip());
    }

    String method() {
        return request.method().name();
    }

    /** Whether it has no path and is about the server as a whole. */
    boolean isForTheServer() {
        return path.isEmpty() && sent().equals("*");
    }

    /** The path and the query as they were sent. */
    private String sent() {
        return request.getHeader(RawRequestURI.class).orElseThrow().uri();
    }

    /** The path for people. */
    String shownPath() {
        return "/" + String.join("/", path);
    }

    String segment(int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /** @throws Problem 405 for another method */
    void require(String allowed) {
        if (!method().equals(allowed)) {
            throw notAllowed(allowed);
        }
    }

    Problem notAllowed(String allowed) {
        return Problem.methodNotAllowed(method(), shownPath(), allowed);
    }

    Problem noRoute() {
        return Problem.notFound("there is no route " + shownPath());
    }

    String header(String name, String otherwise) {
        return request.getHeader(name).map(HttpHeader::value).orElse(otherwise);
    }

    /** @throws Problem 400 if the parameter is absent or the query is malformed */
    String parameter(String name) {
        return optionalParameter(name)
                .orElseThrow(() ->
                        Problem.badRequest("\"" + name + "\" is missing, as in " + shownPath() + "?" + name + "=x"));
    }

    /** @throws Problem 400 if the query is malformed */
    Optional<String> optionalParameter(String name) {
        try {
            return request.getUri().query().get(name);
        } catch (IllegalUriException e) {
            throw Problem.badRequest("the query cannot be read: " + e.getMessage());
        }
    }

    /** Whether its route belongs to the lab or a course lab. */
    boolean isOfTheLab() {
        return segment(0).equals("lab") || CourseLabRoutes.takes(segment(0));
    }

    boolean writes() {
        return switch (method()) {
            case "GET", "HEAD", "OPTIONS" -> false;
            default -> true;
        };
    }

    /**
     * Refuses conditional writes: a client must not be told that a write is done if its condition was ignored.
     *
     * @throws Problem 501 if the request has a condition or writes a part of a value
     */
    void refuseConditions() {
        if (!writes()) {
            return;
        }
        boolean compares = path.size() == 2 && path.get(0).equals("kv");
        for (String name : compares
                ? CONDITIONS
                : Stream.concat(CONDITIONS.stream(), COMPARISONS.stream()).toList()) {
            if (request.getHeader(name).isPresent()) {
                throw Problem.of(
                        StatusCodes.NOT_IMPLEMENTED, "the header " + name + " is not supported: nothing was done");
            }
        }
    }

    /**
     * The body as JSON text. The entity must be strict; {@link ReplicaHandler} ensures it.
     *
     * @throws Problem 415 if the request declares another type, 400 if the body is not UTF-8
     */
    String json() {
        HttpEntity.Strict entity = (HttpEntity.Strict) request.entity();
        ContentType named = entity.getContentType();
        if (!named.equals(ContentTypes.APPLICATION_JSON) && !named.equals(ContentTypes.NO_CONTENT_TYPE)) {
            requireJson(named.mediaType().toString().toLowerCase(Locale.ROOT));
        }
        if (!header("Content-Encoding", "identity").equals("identity")) {
            throw Problem.of(StatusCodes.UNSUPPORTED_MEDIA_TYPE, "the body must come without a Content-Encoding");
        }
        ByteString data = entity.getData();
        String text = data.utf8String();
        if (text.indexOf('\uFFFD') >= 0) {
            // Decoding would silently replace bytes that are not UTF-8.
            if (!isUtf8(data.asByteBuffer())) {
                throw Problem.badRequest("the body is not UTF-8");
            }
        }
        return text;
    }

    private static void requireJson(String type) {
        if (!type.equals("application/json") && !type.endsWith("+json")) {
            throw Problem.of(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE,
                    "the body must be JSON, with the header \"Content-Type: application/json\", not " + type
                            + (type.equals(UNNAMED)
                                    ? ", the type of a body whose type is left out or cannot be read"
                                    : ""));
        }
    }

    private static boolean isUtf8(ByteBuffer bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
