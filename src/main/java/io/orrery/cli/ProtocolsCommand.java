package io.orrery.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.protocol.ProtocolOption;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists all protocols. */
@Command(
        name = "protocols",
        description = "Lists all protocols: what they promise, their options, and where they come from.")
final class ProtocolsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = new ObjectMapper().createArrayNode();
            Protocols.all().forEach(protocol -> describe(protocol, all.addObject()));
            out.println(all.toPrettyString());
            return ExitCode.OK;
        }
        for (ProtocolType protocol : Protocols.all()) {
            out.println(protocol.name());
            out.println("    " + protocol.summary());
            out.println("    promises: " + promises(protocol));
            out.println(
                    "    leader: " + (protocol.hasLeader() ? "yes" : "no") + "; from: " + Protocols.origin(protocol));
            protocol.options().forEach(option -> out.println("    option " + describe(option)));
        }
        return ExitCode.OK;
    }

    private static String promises(ProtocolType protocol) {
        if (protocol.promises().models().isEmpty()) {
            return "nothing";
        }
        return String.join(", ", protocol.promises().models())
                + (protocol.promises().moving() ? "" : ", to clients that stay at one replica");
    }

    private static String describe(ProtocolOption<?> option) {
        return option.name() + ": " + option.summary() + "; " + option.type()
                + (option.bounds().isEmpty() ? "" : ", " + option.bounds()) + "; default: " + option.usualForm();
    }

    private static void describe(ProtocolType protocol, ObjectNode into) {
        into.put("name", protocol.name());
        into.put("summary", protocol.summary());
        protocol.promises().models().forEach(into.putArray("promises")::add);
        into.put("toMovingClients", protocol.promises().moving());
        into.put("converges", protocol.converges());
        into.put("hasLeader", protocol.hasLeader());
        into.put("from", Protocols.origin(protocol));
        ArrayNode options = into.putArray("options");
        protocol.options()
                .forEach(option -> options.addObject()
                        .put("name", option.name())
                        .put("summary", option.summary())
                        .put("type", option.type())
                        .put("bounds", option.bounds())
                        .put("default", option.usualForm()));
    }
}
