package io.orrery.live;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs recurring problems, such as a node with another deployment file, at most once a minute per subject. Thread-safe.
 */
public final class RateLimitedLog {
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    /** Subjects come from outside, so their number is bounded; further ones share one entry. */
    private static final int MOST = 100;

    private final Logger log;
    private final Map<Object, Long> told = new LinkedHashMap<>();

    public RateLimitedLog(Logger log) {
        this.log = log;
    }

    /**
     * Warns, unless something about the same has been said in the last minute.
     *
     * @param about what it is about
     * @param words as for the logger
     */
    public void tell(Object about, String words, Object... parts) {
        if (isNew(about, System.nanoTime())) {
            log.warn(words, parts);
        }
    }

    private synchronized boolean isNew(Object about, long now) {
        Object name = told.containsKey(about) || told.size() < MOST
                ? about
                : told.keySet().iterator().next();
        Long last = told.get(name);
        boolean isNew = last == null || now - last > PERIOD_NANOS;
        if (isNew) {
            told.put(name, now);
        }
        return isNew;
    }
}
