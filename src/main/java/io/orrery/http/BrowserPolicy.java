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
 * What pages in a browser may do (CSRF, CORS). A browser lets any page send simple requests to this machine, and names
 * the page in headers; programs send no such headers and are allowed. {@code /health} and {@code /ready} are open.
 */
final class BrowserPolicy {
    private static final String VARY = "Origin";

    private final KnownHosts hosts;
    private final Set<String> welcome;

    /** Of a request: the page that has sent it, and where that is; empty where nobody says. */
    private record Page(String origin, String site) {
        static Page of(HttpRequest request) {
            String origin = "";
            String site = "";
            for (HttpHeader header : request.getHeaders()) {
                switch (header.lowercaseName()) {
                    case "origin" -> origin = header.value();
                    case "sec-fetch-site" -> site = header.value();
                    default -> {
                        // Says nothing of a page.
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

    /** @throws Problem 403 when it comes from a page that may not do what it asks for */
    void check(RequestContext requestContext) {
        if (AccessControl.isForEverybody(requestContext)) {
            return;
        }
        // Who names none speaks HTTP/1.0, and is no browser.
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
        // A page at another port of this machine is of the same site, and of another origin all the same.
        boolean elsewhere = !page.site().isEmpty()
                && !page.site().equals("same-origin")
                && !page.site().equals("none");
        return elsewhere || !page.origin().isEmpty() && !isOwn(page.origin(), request);
    }

    /** By the name alone where a proxy speaks HTTPS for this server; the browser's own word is looked at besides. */
    private static boolean isOwn(String origin, HttpRequest request) {
        int scheme = origin.indexOf("://");
        String host = request.getHeader(Host.class).map(HttpHeader::value).orElse("");
        return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }

    /** The answer to a browser that asks what a page may do; empty where the request is another one. */
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
                        "Authorization, Content-Type, Last-Event-ID, " + Headers.CLIENT + ", " + Headers.SESSION))
                .addHeader(RawHeader.create("Access-Control-Max-Age", "600"));
        // From a public site to an address of a private network, such as this machine's own.
        return Optional.of(
                request.getHeader("Access-Control-Request-Private-Network").isPresent()
                        ? answer.addHeader(RawHeader.create("Access-Control-Allow-Private-Network", "true"))
                        : answer);
    }

    /** Whether answers have to say which pages may read them. */
    boolean areAny() {
        return !welcome.isEmpty();
    }

    /** The answer to a request, which the page may read that has sent it, where it is welcome. */
    HttpResponse readable(HttpRequest request, HttpResponse answer) {
        HttpResponse varying = answer.addHeader(RawHeader.create("Vary", VARY));
        String origin = Page.of(request).origin();
        return welcome.contains(origin)
                ? varying.addHeaders(List.of(
                        RawHeader.create("Access-Control-Allow-Origin", origin),
                        RawHeader.create(
                                "Access-Control-Expose-Headers", "Allow, " + Headers.SESSION + ", Retry-After")))
                : varying;
    }
}
