package io.orrery.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLevelTest {
    @AfterEach
    void forget() {
        System.clearProperty("orrery.log");
        System.clearProperty("orrery.log.others");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "WARN, WARN", "INFO, WARN", "DEBUG, WARN"})
    void itIsThatOfOrreryAndAtTheMostAWarningOfOthers(LogLevel level, String others) throws JoranException {
        level.set();
        assertEquals(List.of(level.name(), others), levels());
    }

    @Test
    void usuallyOrreryTellsWhatHappensAndOthersWarn() throws JoranException {
        assertEquals(List.of("INFO", "WARN"), levels());
        assertEquals(List.of(), LogLevel.flags());
    }

    @Test
    void aJvmThatIsStartedHasItToo() {
        LogLevel.DEBUG.set();
        assertTrue(JavaCommand.of(List.of(), "Main", List.of())
                .containsAll(List.of("-Dorrery.log=DEBUG", "-Dorrery.log.others=WARN")));
    }

    private static List<String> levels() throws JoranException {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogLevelTest.class.getResource("/logback.xml"));
        List<String> levels = List.of(
                context.getLogger("io.orrery.http").getEffectiveLevel().toString(),
                context.getLogger("org.apache.pekko").getEffectiveLevel().toString());
        context.stop();
        return levels;
    }
}
