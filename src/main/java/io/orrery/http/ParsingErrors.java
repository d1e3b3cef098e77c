package io.orrery.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Turns HTTP syntax errors, such as a path with a broken percent-encoding, into problem documents, with plain words
 * instead of the grammar terms of Pekko's parsers. Configured in live.conf.
 */
public final class ParsingErrors extends ParsingErrorHandler {
    /** Pekko loads its handlers from a field of this name, as in Scala objects. */
    public static final ParsingErrors MODULE$ = new ParsingErrors();

    private static final Pattern TARGET = Pattern.compile(
            "Illegal request-target: .*Invalid input '(.+)', expected .* \\(line 1, column ([0-9]+)\\)",
            Pattern.DOTALL);

    private ParsingErrors() {}

    /** Describes an error in the path or the query of a request; returns other errors unchanged. */
    static String plain(String summary) {
        Matcher found = TARGET.matcher(summary);
        return found.matches()
                ? "the path and query cannot be read: '" + found.group(1) + "' at letter " + found.group(2)
                        + "; all but letters, digits and -._~ is percent-encoded in UTF-8, such as %20 for a space"
                : summary;
    }

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return Problem.of(status, plain(error.summary())).response();
    }
}
