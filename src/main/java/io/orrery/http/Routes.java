package io.orrery.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** All routes, from the program's OpenAPI document; a test compares it with the actual answers. */
final class Routes {
    /** The path of unknown routes. */
    static final String NONE = "none";

    /** The tags of the routes that exist only while the lab is on. */
    private static final Set<String> IN_LAB = Set.of("lab", "course labs");

    private static final byte[] DOCUMENT = read();
    private static final List<Route> ALL = parse(DOCUMENT);

    /**
     * @param path a segment in braces matches any
     * @param inLab whether it exists only while the lab is on
     */
    record Route(String method, String path, String summary, boolean inLab, List<String> segments) {
        private boolean fits(List<String> asked) {
            if (asked.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < asked.size(); i++) {
                if (!segments.get(i).equals(asked.get(i)) && !segments.get(i).startsWith("{")) {
                    return false;
                }
            }
            return true;
        }
    }

    private Routes() {}

    /** OpenAPI 3.1, as JSON. Callers must not change the array. */
    static byte[] document() {
        return DOCUMENT;
    }

    /** In the order of the document. */
    static List<Route> all() {
        return ALL;
    }

    /** The path of a request's route, with names in braces; {@link #NONE} if there is no such route. */
    static String pathOf(RequestContext requestContext) {
        for (Route route : ALL) {
            if (route.fits(requestContext.path())) {
                return route.path();
            }
        }
        return NONE;
    }

    private static byte[] read() {
        try (InputStream in = Routes.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the file openapi.json is not in the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Route> parse(byte[] document) {
        try {
            List<Route> routes = new ArrayList<>();
            for (Map.Entry<String, JsonNode> path :
                    new ObjectMapper().readTree(document).get("paths").properties()) {
                for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                    routes.add(route(path.getKey(), method.getKey(), method.getValue()));
                }
            }
            return List.copyOf(routes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Route route(String path, String method, JsonNode operation) {
        return new Route(
                method.toUpperCase(Locale.ROOT),
                path,
                operation.get("summary").textValue(),
                IN_LAB.contains(operation.get("tags").get(0).textValue()),
                List.of(path.substring(1).split("/", -1)));
    }
}
