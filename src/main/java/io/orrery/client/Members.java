package io.orrery.client;

import java.util.List;

/** What a replica tells of the members of its cluster. */
public final class Members {
    private Members() {}

    /**
     * Whether all nodes are members, and reached. Replicas that live in one process need no membership, and show none.
     *
     * @param nodes how many there are
     * @throws RequestFailure when the replica does not tell
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
