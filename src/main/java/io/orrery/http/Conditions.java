package io.orrery.http;

import io.orrery.client.Headers;
import io.orrery.model.Key;
import io.orrery.model.Operation;
import io.orrery.model.Value;
import io.orrery.model.Version;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Conditional requests (RFC 9110, section 13): a write with {@code If-Match: "version"} or {@code If-None-Match: *} is a
 * compare-and-set; a read with {@code If-None-Match} is answered without a value where the version is still that one.
 */
final class Conditions {
    private static final Pattern TAG = Pattern.compile("\"([^\"]*)\"");

    private Conditions() {}

    /**
     * A write, or a delete if there is no value.
     *
     * @throws Problem 400 if it has a condition that is none of a write
     */
    static Operation write(RequestContext request, Key key, Optional<Value> value) {
        String match = request.header(Headers.IF_MATCH, "");
        String noneMatch = request.header(Headers.IF_NONE_MATCH, "");
        if (match.isEmpty() && noneMatch.isEmpty()) {
            return value.<Operation>map(it -> new Operation.Write(key, it)).orElse(new Operation.Delete(key));
        }
        if (!match.isEmpty() && !noneMatch.isEmpty()) {
            throw Problem.badRequest("a write has one condition: If-Match or If-None-Match");
        }
        if (match.isEmpty() && !noneMatch.strip().equals(Headers.ANY)) {
            throw Problem.badRequest(
                    "a write takes If-None-Match: *, which means that the key has no value, and not " + noneMatch);
        }
        return new Operation.CompareAndSet(
                key, match.isEmpty() ? Optional.empty() : Optional.of(version(match)), value);
    }

    private static Version version(String match) {
        var tag = TAG.matcher(match.strip());
        if (!tag.matches()) {
            throw Problem.badRequest(
                    "If-Match is one version in quotes, as in the ETag of an answer, and not " + match);
        }
        try {
            return Version.parse(tag.group(1));
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("If-Match: " + e.getMessage());
        }
    }

    /** Whether the client of a read has this version already. */
    static boolean has(RequestContext request, Version version) {
        String known = request.header(Headers.IF_NONE_MATCH, "");
        return known.strip().equals(Headers.ANY)
                || TAG.matcher(known).results().anyMatch(tag -> tag.group(1).equals(version.text()));
    }
}
