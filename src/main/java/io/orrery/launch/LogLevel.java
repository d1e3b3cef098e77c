package io.orrery.launch;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How much goes to the log of a process, its standard error stream. What reads it is {@code logback.xml}. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    /** Of Orrery itself. */
    private static final String OWN = "orrery.log";
    /** Of the libraries, which have little to say to people. */
    private static final String OTHERS = "orrery.log.others";

    /** Chooses it for this process, which must not have logged anything yet, and those that it starts. */
    public void set() {
        System.setProperty(OWN, name());
        System.setProperty(OTHERS, (this == ERROR ? ERROR : WARN).name());
    }

    /** What tells it to another JVM; nothing where none has been chosen. */
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
