package io.orrery.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The OpenAPI document against what the server does. */
@Timeout(60)
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "PATCH");
    private static final Path SOURCES = Path.of("src/main/java/io/orrery/http");
    private static TestServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        document = TestServer.json(server.get("A", "/openapi.json"));
        server.put("A", "/kv/x", "{\"a\":[1]}");
        server.put("A", "/kv/gone", "1");
        server.delete("A", "/kv/gone");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Set<String>> methodsByPath() {
        Map<String, Set<String>> paths = new TreeMap<>();
        for (Routes.Route route : Routes.all()) {
            paths.computeIfAbsent(route.path(), path -> new TreeSet<>()).add(route.method());
        }
        return paths;
    }

    private static HttpResponse<String> ask(String method, String path) {
        return server.send(server.request("A", path).method(method, BodyPublishers.noBody()));
    }

    /** Of a replica that there is not, so that nothing happens to any. */
    private static String example(String path) {
        return path.replace("{key}", "x").replace("{id}", "Q");
    }

    @Test
    void eachPathTakesTheMethodsThatTheDocumentHas() {
        methodsByPath().forEach((path, methods) -> {
            for (String method : METHODS) {
                if (path.equals("/events") && method.equals("GET")
                        || path.equals("/kv/{key}") && method.equals("DELETE")) {
                    continue; // One does not end, and the other would; both are tested elsewhere.
                }
                HttpResponse<String> answer = ask(method, example(path));
                assertFalse(answer.body().contains("there is no route"), method + " " + path + " " + answer.body());
                assertFalse(answer.body().contains("there is no action"), method + " " + path + " " + answer.body());
                assertEquals(
                        methods.contains(method),
                        answer.statusCode() != 405,
                        method + " " + path + " " + answer.body());
                if (answer.statusCode() == 405) {
                    Set<String> allowed = Stream.of(answer.headers()
                                    .firstValue("Allow")
                                    .orElseThrow()
                                    .split(", "))
                            .filter(it -> !it.equals("HEAD"))
                            .collect(Collectors.toSet());
                    assertEquals(methods, allowed, path);
                }
            }
        });
    }

    /** Every word in the sources of the routes is tried as a part of a path. */
    @Test
    void thereIsNoRouteThatTheDocumentDoesNotHave() throws IOException {
        Set<String> words = new TreeSet<>();
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Pattern.compile("\"/?([a-z][a-z.-]*)\"")
                        .matcher(Files.readString(source))
                        .results()
                        .map(it -> it.group(1))
                        .forEach(words::add);
            }
        }
        assertTrue(words.containsAll(Set.of("kv", "status", "fetch", "digest", "crash")), words.toString());
        Set<String> known = methodsByPath().keySet();
        for (String word : words) {
            for (String path : List.of("/" + word, "/lab/" + word, "/kv/x/" + word, "/" + word + "/x")) {
                String template =
                        path.equals("/kv/x") ? "/kv/{key}" : path.equals("/members/x") ? "/members/{id}" : path;
                if (!known.contains(template)) {
                    HttpResponse<String> answer = ask("PATCH", path);
                    assertTrue(
                            answer.statusCode() == 404 && answer.body().contains("there is no route")
                                    || answer.body().contains("a slash in a key is written %2F"),
                            path + " " + answer.body());
                }
            }
            if (!known.contains("/lab/replicas/{id}/" + word)) {
                String answer = ask("POST", "/lab/replicas/Q/" + word).body();
                assertTrue(answer.contains("there is no action"), word + " " + answer);
            }
        }
    }

    @Test
    void whatIsAnsweredIsAsItsSchemaSays() {
        List<String> gets = List.of("/kv", "/kv/x", "/status", "/health", "/ready", "/digest", "/lab/links");
        for (String path : gets) {
            assertFits(path, path.replace("/kv/x", "/kv/{key}"), "get", server.get("A", path));
        }
        assertFits("PUT", "/kv/{key}", "put", server.put("A", "/kv/y", "1"));
        assertFits("DELETE", "/kv/{key}", "delete", server.delete("A", "/kv/y"));
        assertFits("heal", "/lab/heal", "post", server.post("A", "/lab/heal", "{}"));
        assertFits("resume", "/lab/replicas/{id}/resume", "post", server.post("A", "/lab/replicas/B/resume", ""));
        HttpResponse<String> front = server.send(server.request("A", "/").header("Accept", "application/json"));
        assertFits("/", "/", "get", front);
        JsonNode problem = document.at("/components/responses/Problem/content/application~1problem+json/schema");
        assertEquals(List.of(), wrong("", problem, TestServer.json(server.get("A", "/kv/none"))));
    }

    private static void assertFits(String what, String path, String method, HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), what + " " + answer.body());
        JsonNode schema =
                document.get("paths").get(path).get(method).at("/responses/200/content/application~1json/schema");
        assertEquals(List.of(), wrong("", schema, TestServer.json(answer)), what + " " + answer.body());
    }

    /** What of JSON Schema the document uses. */
    private static List<String> wrong(String where, JsonNode schema, JsonNode value) {
        if (schema.has("$ref")) {
            return wrong(where, resolved(schema), value);
        }
        List<String> found = new ArrayList<>();
        if (schema.has("const") && !schema.get("const").equals(value)) {
            found.add(where + " is " + value);
        }
        if (schema.has("enum")) {
            Set<String> allowed = new HashSet<>();
            schema.get("enum").forEach(it -> allowed.add(it.asText()));
            if (!allowed.contains(value.asText())) {
                found.add(where + " is " + value);
            }
        }
        boolean fits = switch (schema.path("type").asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            found.add(where + " is " + value);
        }
        schema.path("required").forEach(name -> {
            if (!value.has(name.textValue())) {
                found.add(where + " lacks " + name);
            }
        });
        if (value.isArray() && schema.has("items")) {
            value.forEach(item -> found.addAll(wrong(where + "[]", schema.get("items"), item)));
        }
        if (value.isObject()) {
            value.properties().forEach(member -> {
                JsonNode known = schema.path("properties").get(member.getKey());
                JsonNode more = schema.get("additionalProperties");
                if (known != null) {
                    found.addAll(wrong(where + "." + member.getKey(), known, member.getValue()));
                } else if (more != null && more.isObject()) {
                    found.addAll(wrong(where + "." + member.getKey(), more, member.getValue()));
                } else if (more != null && !more.booleanValue()) {
                    found.add(where + " has " + member.getKey());
                }
            });
        }
        return found;
    }

    private static JsonNode resolved(JsonNode reference) {
        JsonNode found = document.at(reference.get("$ref").textValue().substring(1));
        assertFalse(found.isMissingNode(), reference.toString());
        return found;
    }

    @Test
    void theDocumentIsOpenApi() {
        assertTrue(document.get("openapi").textValue().startsWith("3.1."));
        assertNotNull(document.get("info").get("title"));
        assertNotNull(document.get("info").get("version"));
        document.findValues("$ref")
                .forEach(it ->
                        assertFalse(document.at(it.textValue().substring(1)).isMissingNode(), it.textValue()));
        Set<String> tags = new HashSet<>();
        document.get("tags").forEach(tag -> tags.add(tag.get("name").textValue()));
        Set<String> ids = new HashSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String where = operation.getKey() + " " + path.getKey();
                    JsonNode it = operation.getValue();
                    assertTrue(ids.add(it.get("operationId").textValue()), where);
                    assertTrue(tags.contains(it.get("tags").get(0).textValue()), where);
                    assertTrue(
                            it.get("responses").has("200")
                                    && it.get("responses").has("default"),
                            where);
                    Set<String> named = Pattern.compile("\\{([^}]*)}")
                            .matcher(path.getKey())
                            .results()
                            .map((MatchResult match) -> match.group(1))
                            .collect(Collectors.toSet());
                    Set<String> declared = new HashSet<>();
                    it.path("parameters").forEach(parameter -> {
                        JsonNode found = parameter.has("$ref") ? resolved(parameter) : parameter;
                        if (found.get("in").textValue().equals("path")) {
                            declared.add(found.get("name").textValue());
                        }
                    });
                    assertEquals(named, declared, where);
                }));
    }

    @Test
    void theFrontSaysWhatThisIs() {
        String text = server.get("A", "/").body();
        assertTrue(text.startsWith("Orrery, a replicated key-value store: replica A of test (lamport-lww)\n"), text);
        Routes.all().forEach(route -> assertTrue(text.contains(route.path() + " "), route.path()));
        String html = server.send(server.request("A", "/")
                        .header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"))
                .body();
        assertTrue(html.contains("<!DOCTYPE html>") && html.contains("<a href=\"/status\">"), html);
        HttpResponse<String> head = server.send(server.request("A", "/").method("HEAD", BodyPublishers.noBody()));
        assertEquals(200, head.statusCode());
        assertEquals("application/json", FrontRoutes.preferred("application/*;q=0.9, text/*;q=0.1"));
        assertEquals("text/plain", FrontRoutes.preferred("text/html;q=0, */*"));
        assertEquals("text/plain", FrontRoutes.preferred("image/png"));
    }

    /** A list of routes for people must not be another one. */
    @Test
    void thePageOfRoutesHasEach() throws IOException {
        String page = Files.readString(Path.of("src", "site", "markdown", "http.md"));
        for (Routes.Route route : Routes.all()) {
            String path = route.path().replaceFirst("/lab/replicas/\\{id}/.*", "/lab/replicas/{id}/");
            assertTrue(page.contains(path), path);
        }
    }
}
