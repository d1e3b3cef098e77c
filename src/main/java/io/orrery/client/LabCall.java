package io.orrery.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orrery.model.Durations;
import io.orrery.model.NodeId;
import io.orrery.network.Fault;
import io.orrery.network.LinkChange;
import java.util.Optional;

/**
 * A fault as a request to the routes under {@code /lab}.
 *
 * @param body JSON
 */
public record LabCall(String method, String path, String body) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @throws IllegalArgumentException if the fault exists only in a simulation */
    public static LabCall of(Fault fault) {
        if (fault instanceof Fault.OfReplica ofReplica) {
            String body = ofReplica instanceof Fault.SlowDisk slow
                    ? MAPPER.createObjectNode()
                            .put("by", Durations.format(slow.by()))
                            .toString()
                    : "{}";
            return new LabCall("POST", "/lab/replicas/" + ofReplica.replica() + "/" + action(ofReplica), body);
        }
        ObjectNode body = MAPPER.createObjectNode();
        if (fault instanceof Fault.ChangeLinks changeLinks) {
            ends(body, changeLinks.from(), changeLinks.to());
            changeLinks.messages().key().ifPresent(key -> body.put("key", key.name()));
            changeLinks.messages().kind().ifPresent(kind -> body.put("kind", kind));
            change(body, changeLinks.change());
            return new LabCall("PUT", "/lab/links", body.toString());
        }
        if (fault instanceof Fault.Partition partition) {
            ArrayNode groups = body.putArray("groups");
            partition.groups().forEach(group -> {
                ArrayNode members = groups.addArray();
                group.forEach(member -> members.add(member.name()));
            });
            return new LabCall("POST", "/lab/partition", body.toString());
        }
        if (fault instanceof Fault.Isolate isolate) {
            return new LabCall(
                    "POST",
                    "/lab/isolate",
                    body.put("replica", isolate.replica().name()).toString());
        }
        if (!(fault instanceof Fault.Heal heal)) {
            throw new IllegalArgumentException("only a simulation knows the fault " + fault);
        }
        ends(body, heal.from(), heal.to());
        return new LabCall("POST", "/lab/heal", body.toString());
    }

    private static String action(Fault.OfReplica fault) {
        if (fault instanceof Fault.Crash) {
            return "crash";
        }
        if (fault instanceof Fault.Wipe) {
            return "wipe";
        }
        if (fault instanceof Fault.Restart) {
            return "restart";
        }
        if (fault instanceof Fault.Pause) {
            return "pause";
        }
        if (fault instanceof Fault.Resume) {
            return "resume";
        }
        if (fault instanceof Fault.SlowDisk) {
            return "slow-disk";
        }
        if (fault instanceof Fault.RepairDisk) {
            return "repair-disk";
        }
        throw new IllegalArgumentException("the fault " + fault + " exists only in a simulation");
    }

    private static void ends(ObjectNode body, Optional<NodeId> from, Optional<NodeId> to) {
        from.ifPresent(node -> body.put("from", node.name()));
        to.ifPresent(node -> body.put("to", node.name()));
    }

    private static void change(ObjectNode body, LinkChange change) {
        change.delay().ifPresent(delay -> body.put("delay", delay.toString()));
        change.loss().ifPresent(loss -> body.put("loss", loss));
        change.duplicate().ifPresent(chance -> body.put("duplicate", chance));
        change.cut().ifPresent(cut -> body.put("cut", cut));
        change.runs().ifPresent(runs -> body.put("lossRun", runs.toString()));
    }
}
