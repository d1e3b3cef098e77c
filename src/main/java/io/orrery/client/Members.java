package io.orrery.client;

import java.util.List;

/** The cluster membership that a replica reports. */
public final class Members {
    private Members() {}

    /**
     * Whether all nodes are members and reachable. A status without members, of replicas in one process, counts as all
     * up.
     *
     * @param nodes how many nodes there are
     * @throws RequestFailure if the replica does not answer
     */
    public static boolean areUp(RestClient replica, int nodes) {
        Document status = Document.parse(replica.get("/status").requireSuccess().body());
        List<Document> members = status.objects("members");
        boolean allAreUp = members.stream()
                .allMatch(member -> member.text("status").equals("up")
                        && member.text("reachable").equals("true"));
        return !status.has("members") || members.size() == nodes && allAreUp;
    }
}
