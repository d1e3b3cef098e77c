package io.orrery.bench.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.report.VerdictText;
import java.util.OptionalLong;

/**
 * The origin of results, for repeating them.
 *
 * @param command repeats the measurement
 * @param seed empty if nothing is random
 */
public record Provenance(String command, OptionalLong seed) {
    /** The command, the seed, and this machine. */
    @Override
    public String toString() {
        return toString(Integer.MAX_VALUE);
    }

    /** The same within a width; the command stays one line, as it is to be copied. */
    String toString(int width) {
        String line = System.lineSeparator();
        return "command  " + command + line + (seed.isPresent() ? "seed     " + seed.getAsLong() + line : "")
                + String.join(line, VerdictText.wrapped("machine  " + Machine.here(), width));
    }

    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("command", command);
        seed.ifPresent(value -> json.put("seed", value));
        json.set("machine", Machine.here().json());
        return json;
    }
}
