package io.orrery.client;

import io.orrery.model.Version;
import java.util.Map;
import java.util.Optional;

/** The names of Orrery's own HTTP headers. */
public final class Headers {
    /** The client's session token, in requests and in answers. */
    public static final String SESSION = "Orrery-Session";

    /** The client's own id of a write, so that it can be sent again: see {@link io.orrery.model.RequestId}. */
    public static final String REQUEST = "Orrery-Request";

    /** The client's name, for the history that a replica records. */
    public static final String CLIENT = "Orrery-Client";

    /** The condition of a compare-and-set, and the version in an answer (RFC 9110, sections 13.1 and 8.8.3). */
    public static final String IF_MATCH = "If-Match";

    public static final String IF_NONE_MATCH = "If-None-Match";
    public static final String ETAG = "ETag";

    /** Stands for any version in a condition. */
    public static final String ANY = "*";

    private Headers() {}

    /** The headers of a request that compares: with a version, or with the absence of a value. */
    public static Map<String, String> comparing(Optional<Version> expected) {
        return expected.map(version -> Map.of(IF_MATCH, "\"" + version.text() + "\""))
                .orElse(Map.of(IF_NONE_MATCH, ANY));
    }
}
