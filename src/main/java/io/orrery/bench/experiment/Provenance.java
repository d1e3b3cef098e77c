package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Where figures come from, and how to get them again.
 *
 * @param command what repeats the experiment
 */
public record Provenance(String command, long seed) {
    private static String java() {
        return System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
    }

    private static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The command, the seed, and the machine that this runs on. */
    @Override
    public String toString() {
        return "command  " + command + System.lineSeparator() + "seed     " + seed + System.lineSeparator()
                + "machine  " + cores() + " cores, " + java() + ", " + system();
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("command", command).put("seed", seed);
        json.putObject("machine").put("cores", cores()).put("java", java()).put("system", system());
        return json;
    }
}
