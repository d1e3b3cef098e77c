package io.orrery.http;

import io.orrery.client.Headers;
import io.orrery.deployment.Deployment;
import io.orrery.model.KnownHosts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What web pages may do (CSRF, CORS). A browser lets any page send simple requests to this machine and names the page
 * in headers; programs send no such headers and are allowed. {@code /health} and {@code /ready} are open.
 */
final class BrowserPolicy {
    private static final String VARY = "Origin";

    private final KnownHosts hosts;
    private final Set<String> welcome;

    /** The page that sent a request: its origin and its site relation; each empty if the header is absent. */
    private record Page(String origin, String site) {
        static Page of(HttpRequest request) {
            String origin = "";
            String site = "";
            for (HttpHeader header : request.getHeaders()) {
                switch (header.lowercaseName()) {
                    case "origin" -> origin = header.value();
                    case "sec-fetch-site" -> site = header.value();
                    default -> {
                        // No header about a page.
                    }
                }
            }
            return new Page(origin, site);
        }
    }

    BrowserPolicy(Deployment deployment) {
        this.hosts = new KnownHosts(Stream.concat(
                        deployment.replicas().stream()
                                .flatMap(it -> Stream.concat(Stream.of(it.http()), it.remoting().stream()))
                                .map(Deployment.Address::host),
                        deployment.security().web().allowedHosts().stream())
                .toList());
        this.welcome = Set.copyOf(deployment.security().web().cors());
    }

    /** @throws Problem 403 if the page may not do what it asks for */
    void check(RequestContext requestContext) {
        if (AccessControl.isForEverybody(requestContext)) {
            return;
        }
        // Only HTTP/1.0, which no browser uses, permits a request without Host.
        String host = requestContext
                .request()
                .getHeader(Host.class)
                .map(header -> header.host().address())
                .orElse("");
        if (!host.isEmpty() && !hosts.has(host)) {
            throw Problem.of(
                    StatusCodes.FORBIDDEN,
                    "the header Host names \"" + host + "\", which is no host of this deployment; if it should be one: "
                            + "allowed-hosts = [\"" + host + "\"]");
        }
        boolean lab = requestContext.isOfTheLab();
        if ((lab || requestContext.writes()) && isForeign(requestContext.request())) {
            throw Problem.of(
                    StatusCodes.FORBIDDEN,
                    "pages of other sites may not " + (lab ? "use the lab" : "write here")
                            + "; cors in the deployment names those that may");
        }
    }

    private boolean isForeign(HttpRequest request) {
        Page page = Page.of(request);
        if (welcome.contains(page.origin())) {
            return false;
        }
        // A page at another port of this machine has the same site but another origin.
        boolean elsewhere = !page.site().isEmpty()
                && !page.site().equals("same-origin")
                && !page.site().equals("none");
        return elsewhere || !page.origin().isEmpty() && !isOwn(page.origin(), request);
    }

    /**
     * Compares host names only, since a proxy may speak HTTPS for this server; the browser's own judgement is checked
     * too.
     */
    private static boolean isOwn(String origin, HttpRequest request) {
        int scheme = origin.indexOf("://");
        String host = request.getHeader(Host.class).map(HttpHeader::value).orElse("");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }

    /** The answer to a CORS preflight request; empty for other requests. */
    Optional<HttpResponse> preflight(RequestContext requestContext) {
        HttpRequest request = requestContext.request();
        if (!requestContext.method().equals("OPTIONS")
                || request.getHeader("Access-Control-Request-Method").isEmpty()) {
            return Optional.empty();
        }
        if (!welcome.contains(Page.of(request).origin())) {
            return Optional.of(Problem.of(
                            StatusCodes.FORBIDDEN,
                            "pages of this site may not ask here; cors in the deployment names those that may")
                    .response());
        }
        HttpResponse answer = HttpResponse.create()
                .withStatus(StatusCodes.NO_CONTENT)
                .addHeader(RawHeader.create("Access-Control-Allow-Methods", "GET, HEAD, PUT, POST, DELETE"))
                .addHeader(RawHeader.create(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, " + Headers.CLIENT + ", "
                                + Headers.REQUEST + ", " + Headers.SESSION))
                .addHeader(RawHeader.create("Access-Control-Max-Age", "600"));
        // For requests from a public site to a private network, such as this machine (Private Network Access).
        return Optional.of(
                request.getHeader("Access-Control-Request-Private-Network").isPresent()
                        ? answer.addHeader(RawHeader.create("Access-Control-Allow-Private-Network", "true"))
                        : answer);
    }

    /** Whether any page is allowed, so that answers must name the pages that may read them. */
    boolean areAny() {
        return !welcome.isEmpty();
    }

    /** Adds the CORS headers that let an allowed page read the answer. */
    HttpResponse readable(HttpRequest request, HttpResponse answer) {
        HttpResponse varying = answer.addHeader(RawHeader.create("Vary", VARY));
        String origin = Page.of(request).origin();
        return welcome.contains(origin)
                ? varying.addHeaders(List.of(
                        RawHeader.create("Access-Control-Allow-Origin", origin),
                        RawHeader.create(
                                "Access-Control-Expose-Headers", "Allow, ETag, " + Headers.SESSION + ", Retry-After")))
                : varying;
    }
}
