package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogLineTest {
    @Test
    void whatAPeerSaysStaysOneLine() {
        assertEquals("a key, ключ \uD83E\uDE90", LogLine.escaped("a key, ключ \uD83E\uDE90"));
        assertEquals(
                "kept out: x\\u000d\\u000a12:00 ERROR \\u001b[2J\\u0000\\u2028\\u202e",
                LogLine.escaped("kept out: x\r\n12:00 ERROR \u001b[2J\u0000\u2028\u202e"));
        String cut = LogLine.escaped("x".repeat(LogLine.LONGEST + 7));
        assertTrue(cut.endsWith("x… (7 more letters)"), cut);
    }

    /** As the programs configure it. */
    @Test
    void allThatIsLoggedGoesThroughIt() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogLine.class.getResource("/logback.xml"));
        ConsoleAppender<?> appender =
                (ConsoleAppender<?>) context.getLogger("ROOT").getAppender("stderr");
        @SuppressWarnings("unchecked")
        Encoder<Object> encoder = (Encoder<Object>) appender.getEncoder();
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.orrery.Any"), Level.WARN, "node {}", null, new Object[] {"x\ny"});
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        assertTrue(line.endsWith("WARN  Any: node x\\u000ay" + System.lineSeparator()), line);
        LoggingEvent failed = new LoggingEvent(
                "",
                context.getLogger("io.orrery.Any"),
                Level.ERROR,
                "failed",
                new IllegalStateException("a\u001b[2J\n12:00:00.000 ERROR forged"),
                null);
        String trace = new String(encoder.encode(failed), StandardCharsets.UTF_8);
        assertTrue(
                trace.contains("\n    java.lang.IllegalStateException: a\\u001b[2J\n    12:00:00.000 ERROR forged\n"),
                trace);
        assertTrue(trace.lines().skip(1).allMatch(it -> it.startsWith("    ")), trace);
        context.stop();
    }
}
