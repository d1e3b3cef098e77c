package io.orrery.launch;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.orrery.model.Printable;

/**
 * Formats a log message as one line. Parts of it may come from untrusted peers, who could otherwise forge lines with
 * line breaks, control a terminal with escape sequences, or fill a disk with long messages.
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
