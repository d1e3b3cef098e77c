package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The machine of a measurement.
 *
 * @param cores available to Java
 * @param processor its model name if the system tells it; otherwise its architecture
 * @param memory in bytes
 */
record Machine(int cores, String processor, long memory, String java, String system) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final String MODEL = "model name";

    /** The machine that this runs on. */
    static Machine here() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Machine(
                machine.getAvailableProcessors(),
                processor(machine.getArch()),
                machine.getTotalMemorySize(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                machine.getName() + " " + machine.getVersion() + " " + machine.getArch());
    }

    private static String processor(String architecture) {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith(MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(architecture);
        } catch (IOException notLinux) {
            return architecture;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d cores (%s), %.1f GiB, %s, %s", cores, processor, memory / 0x1p30, java, system);
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cores", cores)
                .put("processor", processor)
                .put("memoryBytes", memory)
                .put("java", java)
                .put("system", system);
    }
}
