package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/**
 * Where figures come from, and how to get them again.
 *
 * @param command what repeats the measurement
 * @param seed empty where nothing is left to chance
 */
public record Provenance(String command, OptionalLong seed) {
    /** The command, the seed, and the machine that this runs on. */
    @Override
    public String toString() {
        String line = System.lineSeparator();
        return "command  " + command + line + (seed.isPresent() ? "seed     " + seed.getAsLong() + line : "")
                + "machine  " + Machine.here();
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("command", command);
        seed.ifPresent(value -> json.put("seed", value));
        json.set("machine", Machine.here().json());
        return json;
    }
}
