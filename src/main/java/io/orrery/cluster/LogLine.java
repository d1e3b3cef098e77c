package io.orrery.cluster;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

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
        StringBuilder line = new StringBuilder(end);
        message.chars().limit(end).forEach(c -> {
            if (isPlain((char) c)) {
                line.append((char) c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        if (end < message.length()) {
            line.append("… (").append(message.length() - end).append(" more letters)");
        }
        return line.toString();
    }

    /** Neither a control character, nor one that ends a line or turns the direction of what follows. */
    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
