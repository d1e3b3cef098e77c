package io.orrery.launch;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.orrery.model.Printable;
import java.util.stream.Collectors;

/**
 * Formats a stack trace in the log, indented as a whole: its messages may be untrusted text that could otherwise forge
 * log lines or control a terminal.
 */
public final class LogTrace extends ThrowableProxyConverter {
    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return indented(super.throwableProxyToString(failure));
    }

    static String indented(String trace) {
        return trace.lines()
                .map(line -> "    " + Printable.of(line.stripLeading()) + System.lineSeparator())
                .collect(Collectors.joining());
    }
}
