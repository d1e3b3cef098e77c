package io.orrery.scenario;

import io.orrery.config.ConfigReader;
import io.orrery.model.NodeId;
import io.orrery.network.Delay;
import io.orrery.network.LinkRule;
import io.orrery.network.LossRun;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.Protocols;
import io.orrery.simulation.ClientModel;
import io.orrery.simulation.Conditions;
import io.orrery.simulation.StartModel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what a scenario's world shares with live replicas, beyond links and disks. */
final class ConditionsReader {
    private static final int MOST_RETRIES = 1_000;
    private static final int LAST_INCARNATION = 999_999;

    private final Function<String, NodeId> replica;
    private final ProtocolType protocol;

    /** @param protocol null if the file names no known one */
    ConditionsReader(Function<String, NodeId> replica, ProtocolType protocol) {
        this.replica = replica;
        this.protocol = protocol;
    }

    Conditions conditions(ConfigReader file) {
        return Conditions.IDEAL
                .withStart(file.attempt(() -> start(file.objectOrEmpty("start")), StartModel.MET))
                .withClients(file.attempt(() -> clients(file.objectOrEmpty("clients")), ClientModel.NEAR))
                .withEncoded(file.flag("encoding", false))
                .withMembership(file.flag("membership", false));
    }

    private StartModel start(ConfigReader start) {
        start.expect("over-links", "absent", "incarnation");
        List<NodeId> absent = start.has("absent") ? start.list("absent", replica) : List.of();
        if (new HashSet<>(absent).size() != absent.size()) {
            throw start.problem("absent", "a replica is named twice in " + absent);
        }
        return StartModel.MET
                .withOverLinks(start.flag("over-links", false))
                .withAbsent(absent)
                .withIncarnation(start.integer("incarnation", 0, 0, LAST_INCARNATION));
    }

    private ClientModel clients(ConfigReader clients) {
        clients.expect(
                "delay",
                "loss",
                "loss-run",
                "duplicate",
                "told-of-crashes",
                "timeout",
                "retries",
                "retry-after",
                "request-ids");
        requireUseOfIds(clients);
        if (clients.has("retry-after") && !clients.has("retries")) {
            throw clients.problem(
                    "retry-after", "retry-after needs retries, the number of times that a client asks again");
        }
        if (clients.has("loss-run") && !clients.has("loss")) {
            throw clients.problem("loss-run", "loss-run needs loss, the chance that a run begins");
        }
        LinkRule way = new LinkRule(
                        clients.get("delay", Delay.NONE, Delay::parse),
                        chance(clients, "loss"),
                        chance(clients, "duplicate"),
                        false)
                .withRuns(clients.get("loss-run", LossRun.SINGLE, LossRun::parse));
        return new ClientModel(
                way,
                clients.flag("told-of-crashes", false),
                timeout(clients),
                clients.integer("retries", 0, 0, MOST_RETRIES),
                clients.get("retry-after", Delay.NONE, Delay::parse),
                clients.flag("request-ids", false));
    }

    private void requireUseOfIds(ConfigReader clients) {
        if (!clients.flag("request-ids", false)) {
            return;
        }
        if (protocol != null && !protocol.remembers()) {
            throw clients.problem("request-ids", Protocols.lackOfMemory(protocol));
        }
        if (!clients.has("retries") && !clients.has("duplicate")) {
            throw clients.problem(
                    "request-ids", "request-ids needs retries or duplicate: otherwise each request is sent once");
        }
    }

    private static double chance(ConfigReader clients, String key) {
        double chance = clients.number(key, 0);
        return clients.checked(key, () -> new LinkRule(Delay.NONE, chance, 0, false))
                .loss();
    }

    private static Optional<Duration> timeout(ConfigReader clients) {
        if (!clients.has("timeout")) {
            return Optional.empty();
        }
        Duration timeout = ScenarioLoader.time(clients, "timeout", Duration.ofSeconds(1));
        return clients.checked("timeout", () -> ClientModel.NEAR.withTimeout(timeout))
                .timeout();
    }
}
