package io.orrery.http;

import io.orrery.deployment.Security.Tokens;
import io.orrery.deployment.Token;
import io.orrery.live.RateLimitedLog;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Authorization;
import org.apache.pekko.http.javadsl.model.headers.OAuth2BearerToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that each route requires: the lab's token for fault injection and for writes that bypass the protocol; for
 * all other routes the clients' token or the lab's, because whoever may wipe a replica may also read it. {@code
 * /health} and {@code /ready} are open, because load balancers have no token; they reveal only the replica's state and
 * the ids of the replicas it waits for.
 */
final class AccessControl {
    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    private final Optional<Tokens> tokens;
    private final RateLimitedLog rateLimitedLog = new RateLimitedLog(LOG);

    /** @param tokens if empty, everyone may do everything */
    AccessControl(Optional<Tokens> tokens) {
        this.tokens = tokens;
    }

    /** @throws Problem 401, without saying what was wrong */
    void check(RequestContext requestContext) {
        if (tokens.isPresent() && !isAllowed(requestContext, tokens.get())) {
            rateLimitedLog.tell(
                    AccessControl.class,
                    "Requests without a valid token are refused, such as {} {}; this is said once a minute",
                    requestContext.request().method().value(),
                    requestContext.request().getUri().path());
            throw Problem.of(StatusCodes.UNAUTHORIZED, "this needs a valid token: Authorization: Bearer …")
                    .header("WWW-Authenticate", "Bearer");
        }
    }

    /** Whether the route is open: the replica's health or readiness. */
    static boolean isForEverybody(RequestContext requestContext) {
        String first = requestContext.segment(0);
        return first.equals("health") || first.equals("ready");
    }

    private static boolean isAllowed(RequestContext requestContext, Tokens tokens) {
        String first = requestContext.segment(0);
        if (isForEverybody(requestContext)) {
            return true;
        }
        byte[] shown = Token.digest(shown(requestContext));
        boolean lab = tokens.lab().isPresent() && tokens.lab().get().matches(shown);
        boolean forTheLab = first.equals("lab") || CourseLabRoutes.isBetweenReplicas(first);
        return lab || !forTheLab && tokens.client().matches(shown);
    }

    private static String shown(RequestContext requestContext) {
        return requestContext
                .request()
                .getHeader(Authorization.class)
                .map(header -> header.credentials() instanceof OAuth2BearerToken bearer ? bearer.token() : "")
                .orElse("");
    }
}
