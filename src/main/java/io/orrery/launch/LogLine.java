package io.orrery.launch;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.orrery.model.Printable;

/**
 * A message of the log as one line: parts of it may come from who else is on the net, who could forge lines with a line
 * break, command a terminal with control characters, and fill a disk with length.
 */
public final class LogLine extends ClassicConverter {
    static final int LONGEST = 2_000;

    @Override
    public String convert(ILoggingEvent event) {
        return escaped(event.getFormattedMessage());
    }

    static String escaped(String message) {
        int end = Math.min(message.length(), LONGEST);
        String line = Printable.of(message.substring(0, end));
        return end == message.length() ? line : line + "… (" + (message.length() - end) + " more letters)";
    }
}
