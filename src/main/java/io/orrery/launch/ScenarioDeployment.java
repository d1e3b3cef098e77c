package io.orrery.launch;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.protocol.ProtocolOptions;
import io.orrery.protocol.ReplicaSettings.Tuning;
import io.orrery.scenario.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The text of a deployment file for playing a scenario: its replicas on free ports of this machine, with the lab on. It
 * sets no links: the player does, after the replicas have exchanged hellos.
 */
public final class ScenarioDeployment {
    /** The limit of waiting requests of a simulated replica. */
    private static final int OPEN_REQUESTS = 10_000;

    private ScenarioDeployment() {}

    /** @throws IOException if this machine has no free ports */
    public static String text(Scenario scenario) throws IOException {
        List<NodeId> replicas = scenario.replicas();
        Iterator<Integer> ports = FreePorts.of(2 * replicas.size()).iterator();
        List<Map<String, Object>> members = new ArrayList<>();
        for (NodeId id : replicas) {
            members.add(Map.of(
                    "id", id.name(), "http", Map.of("port", ports.next()), "remoting", Map.of("port", ports.next())));
        }
        Tuning tuning = scenario.tuning();
        Map<String, Object> deployment = Map.of(
                "title",
                scenario.title(),
                "protocol",
                scenario.protocol().name(),
                "replicas",
                members,
                ProtocolOptions.KEY,
                scenario.options().texts(scenario.protocol()),
                "anti-entropy",
                Map.of(
                        "interval", Durations.format(tuning.antiEntropy()),
                        "patience", Durations.format(tuning.patience()),
                        "batch", tuning.batch(),
                        "buffer", tuning.buffer()),
                "limits",
                Map.of("open-requests", OPEN_REQUESTS, "request-timeout", Durations.format(scenario.timeout())),
                "lab",
                true);
        return ConfigValueFactory.fromMap(deployment)
                .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
    }
}
