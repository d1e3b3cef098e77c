package io.orrery.launch;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.orrery.model.Printable;
import java.util.stream.Collectors;

/**
 * The trace of an exception in the log, indented as a whole: the messages in it may be the words of a stranger, who could else
 * begin a line of the log, or command a terminal.
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
