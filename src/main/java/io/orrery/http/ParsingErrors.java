package io.orrery.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/** Makes problem documents of what is not HTTP, such as a path with a broken percent-encoding. Named in live.conf. */
public final class ParsingErrors extends ParsingErrorHandler {
    /** Pekko takes its handlers from a field of this name, as Scala's objects have it. */
    public static final ParsingErrors MODULE$ = new ParsingErrors();

    private ParsingErrors() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        return Problem.of(status, error.summary()).response();
    }
}
