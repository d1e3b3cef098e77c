package io.orrery.launch;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The verbosity of a process's log, its standard error stream. {@code logback.xml} reads these properties. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    /** The property for Orrery's own loggers. */
    private static final String OWN = "orrery.log";
    /** The property for the libraries' loggers, whose messages matter little to users. */
    private static final String OTHERS = "orrery.log.others";

    /** Sets the level for this process, which must not have logged yet, and for the processes it starts. */
    public void set() {
        System.setProperty(OWN, name());
        System.setProperty(OTHERS, (this == ERROR ? ERROR : WARN).name());
    }

    /** The JVM flags that pass the level on; none if it was not set. */
    static List<String> flags() {
        return Stream.of(OWN, OTHERS)
                .filter(name -> System.getProperty(name) != null)
                .map(name -> "-D" + name + "=" + System.getProperty(name))
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
