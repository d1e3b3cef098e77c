package io.orrery.http;

import static io.orrery.report.Markup.escaped;

import io.orrery.deployment.Deployment;
import io.orrery.model.NodeId;
import io.orrery.model.Printable;
import io.orrery.report.Table;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** The routes that describe the program: {@code GET /} for people, {@code GET /openapi.json} for programs. */
final class FrontRoutes {
    private static final String TEXT = "text/plain";
    private static final String HTML = "text/html";
    private static final String JSON = "application/json";
    /** In order of preference for clients that accept all alike. */
    private static final List<String> TYPES = List.of(TEXT, HTML, JSON);

    private final NodeId node;
    private final Deployment deployment;
    private final List<Routes.Route> routes;

    FrontRoutes(NodeId node, Deployment deployment) {
        this.node = node;
        this.deployment = deployment;
        this.routes = Routes.all().stream()
                .filter(route -> deployment.lab() || !route.inLab())
                .toList();
    }

    /** Whether a path belongs to these routes. */
    static boolean takes(RequestContext requestContext) {
        return requestContext.isForTheServer()
                || requestContext.path().size() == 1
                        && (requestContext.segment(0).isEmpty()
                                || requestContext.segment(0).equals("openapi.json"));
    }

    HttpResponse handle(RequestContext requestContext) {
        if (requestContext.isForTheServer()) {
            return methods(requestContext);
        }
        requestContext.require("GET");
        if (!requestContext.segment(0).isEmpty()) {
            return Json.ok(Routes.document());
        }
        return switch (preferred(requestContext.header("Accept", "*/*"))) {
            case HTML ->
                answer(ContentTypes.TEXT_HTML_UTF8, html())
                        // A title must not run as a script.
                        .addHeader(RawHeader.create(
                                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"));
            case JSON -> Json.ok(json());
            default -> answer(ContentTypes.TEXT_PLAIN_UTF8, text());
        };
    }

    /** All that there are: {@code OPTIONS *} asks for them (RFC 9110, section 9.3.7). */
    private HttpResponse methods(RequestContext requestContext) {
        if (!requestContext.method().equals("OPTIONS")) {
            throw Problem.methodNotAllowed(requestContext.method(), "*", "OPTIONS");
        }
        Set<String> methods = new TreeSet<>(Set.of("HEAD", "OPTIONS"));
        routes.forEach(route -> methods.add(route.method()));
        return HttpResponse.create()
                .withStatus(StatusCodes.NO_CONTENT)
                .addHeader(RawHeader.create("Allow", String.join(", ", methods)));
    }

    private static HttpResponse answer(ContentType type, String text) {
        return Json.response(StatusCodes.OK, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Selects a type by the weights that a client gives; an exact type takes precedence over a range of types. */
    static String preferred(String accept) {
        String best = TEXT;
        double most = 0;
        for (String type : TYPES) {
            double weight = weight(accept.toLowerCase(Locale.ROOT), type);
            if (weight > most) {
                best = type;
                most = weight;
            }
        }
        return best;
    }

    private static double weight(String accept, String type) {
        String range = type.substring(0, type.indexOf('/')) + "/*";
        double weight = 0;
        int exactness = -1;
        for (String item : accept.split(",")) {
            String[] parts = item.split(";");
            int exact = List.of("*/*", range, type).indexOf(parts[0].strip());
            if (exact > exactness) {
                exactness = exact;
                weight = 1;
                for (int i = 1; i < parts.length; i++) {
                    weight = parts[i].strip().startsWith("q=")
                            ? number(parts[i].strip().substring(2))
                            : weight;
                }
            }
        }
        return weight;
    }

    private static double number(String weight) {
        return weight.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(weight) : 0;
    }

    private String what() {
        return "Orrery, a replicated key-value store: replica " + node + " of " + deployment.title() + " ("
                + deployment.protocol() + ")";
    }

    private String text() {
        Table table = Table.withoutHead(3);
        routes.forEach(route -> table.row(route.method(), route.path(), route.summary()));
        return Printable.of(what()) + "\n\n" + table + "\n\nFor programs, as OpenAPI 3.1: /openapi.json\n";
    }

    private String html() {
        String rows = routes.stream()
                .map(route -> "<tr><td>" + route.method() + "<td>" + path(route) + "<td>" + escaped(route.summary()))
                .collect(Collectors.joining("\n"));
        return "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Orrery: replica "
                + escaped(node.name())
                + "</title>\n<style>body{font-family:sans-serif;margin:2em}td{padding:.2em 1em .2em 0}</style>\n<p>"
                + escaped(what()) + "</p>\n<table>\n" + rows
                + "\n</table>\n<p>For programs, as OpenAPI 3.1: <a href=\"/openapi.json\">/openapi.json</a></p></html>\n";
    }

    private static String path(Routes.Route route) {
        String shown = escaped(route.path());
        return route.method().equals("GET") && !shown.contains("{")
                ? "<a href=\"" + shown + "\">" + shown + "</a>"
                : shown;
    }

    private byte[] json() {
        return Json.object(json -> {
            json.writeStringField("node", node.name());
            json.writeStringField("title", deployment.title());
            json.writeStringField("protocol", deployment.protocol().name());
            json.writeArrayFieldStart("routes");
            for (Routes.Route route : routes) {
                json.writeStartObject();
                json.writeStringField("method", route.method());
                json.writeStringField("path", route.path());
                json.writeStringField("summary", route.summary());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
