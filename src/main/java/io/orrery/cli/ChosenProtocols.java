package io.orrery.cli;

import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.scenario.ScenarioLoader;
import java.util.List;
import picocli.CommandLine.Option;

/** The option of commands that measure several protocols beside each other. */
final class ChosenProtocols {
    private static final String ALL = "all";

    @Option(
            names = "--protocol",
            paramLabel = "P",
            split = ",",
            description = "These protocols, separated by commas, or all (default: all).")
    private List<String> names = List.of(ALL);

    /** @throws IllegalArgumentException if there is no protocol of a name */
    List<ProtocolType> protocols() {
        return names.contains(ALL)
                ? Protocols.all()
                : names.stream()
                        .map(name -> ScenarioLoader.protocol(name.strip()))
                        .distinct()
                        .toList();
    }
}
