package io.orrery.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one start of the machine from another: what was written since then and not synced is safe until it ends. */
final class Boot {
    /** Linux makes it at random each time. Where there is none, each process counts as a start: one too many does no harm. */
    static final String ID = id(Path.of("/proc/sys/kernel/random/boot_id"));

    private Boot() {}

    static String id(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException | RuntimeException e) {
            return UUID.randomUUID().toString();
        }
    }
}
