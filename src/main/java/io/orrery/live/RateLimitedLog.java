package io.orrery.live;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * What goes wrong again and again, such as with a node of another deployment file: of each that it is about, it is told
 * once a minute. For any thread.
 */
public final class RateLimitedLog {
    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
    /** Names come from outside: no more of them are kept, and what is about others is told by one of them. */
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
