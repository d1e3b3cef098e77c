package io.orrery.cli;

import io.orrery.client.Document;
import io.orrery.client.RequestFailure;
import io.orrery.client.RestClient;
import io.orrery.deployment.Deployment;
import io.orrery.journal.JournalException;
import io.orrery.live.ClusterRecord;
import io.orrery.model.NodeId;
import io.orrery.protocol.Configuration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whom a node that starts takes for the members of its cluster: those on its disk; without any those of the cluster that it joins,
 * and otherwise those of the file.
 *
 * @param deployment with these replicas
 * @param joins what the node keeps of the cluster that it joins; empty if it does not join one now
 */
record NodeMembers(Deployment deployment, Optional<ClusterRecord> joins) {
    /**
     * Finds them.
     *
     * @param join the address of a replica of the cluster to join
     * @param warnings is told where the disk says another thing than the file
     * @throws CommandFailure if the node is not one of them, or has data of another cluster
     */
    static NodeMembers of(Deployment file, NodeId self, Optional<String> join, Consumer<String> warnings) {
        if (!file.protocol().changesMembers()) {
            join.ifPresent(url -> {
                throw refused("--join: the replicas of " + file.protocol()
                        + " are those of the file; only a protocol that elects its leader, like raft, takes others in");
            });
            return new NodeMembers(file, Optional.empty());
        }
        ClusterRecord kept = kept(file, self);
        Optional<ClusterRecord> joins = join.map(url -> joined(file, self, kept, url));
        Optional<Configuration> members = joins.orElse(kept).members();
        if (members.isEmpty()) {
            return new NodeMembers(file, Optional.empty());
        }
        if (members.get().member(self).isEmpty()) {
            throw refused(ClusterRecord.removed(self, members.get()) + ": delete "
                    + file.storage().directoryOf(self) + ", and add the replica again (./run.sh member add " + self
                    + " …) if it is to be one");
        }
        Deployment deployment = file.with(members.get());
        if (!deployment.replicas().equals(file.replicas())) {
            warnings.accept("the members of the cluster are " + members.get().members()
                    + " by now, and no longer those of the file: " + file.ids());
        }
        return new NodeMembers(deployment, joins);
    }

    private static CommandFailure refused(String why) {
        return new CommandFailure(ExitCode.USAGE, why);
    }

    private static ClusterRecord kept(Deployment file, NodeId self) {
        boolean isOnDisk = file.storage().journal().equals(Optional.of(Deployment.JournalKind.ROCKSDB));
        try {
            return isOnDisk ? ClusterRecord.of(file.storage(), self) : ClusterRecord.NONE;
        } catch (JournalException e) {
            // Whoever opens it to write finds the same, and says so.
            return ClusterRecord.NONE;
        }
    }

    /** What the cluster at an address says, or the disk where that is later, or nobody answers there. */
    private static ClusterRecord joined(Deployment file, NodeId self, ClusterRecord kept, String url) {
        Document answer;
        try {
            answer = Document.parse(new RestClient(url)
                    .withAccessTo(file.security())
                    .get("/members")
                    .requireSuccess()
                    .body());
        } catch (RequestFailure e) {
            if (kept.members().flatMap(it -> it.member(self)).isPresent()) {
                return kept; // It has joined before.
            }
            throw e;
        }
        if (!answer.has("cluster")) {
            throw refused("the nodes at " + url + " have not formed a cluster yet; try again when they have");
        }
        String cluster = answer.text("cluster");
        kept.cluster().filter(own -> !own.equals(cluster)).ifPresent(own -> {
            throw refused("replica " + self + " has data of cluster " + own + " in "
                    + file.storage().directoryOf(self) + ", and " + url + " is one of cluster " + cluster
                    + ": a node joins no other cluster with what it has");
        });
        Configuration members = new Configuration(
                Long.parseLong(answer.text("index")),
                answer.objects("members").stream().map(NodeMembers::member).toList());
        if (members.member(self).isEmpty()) {
            throw refused("replica " + self + " is no member of the cluster at " + url + ", which has "
                    + members.members() + "; add it first: ./run.sh member add " + self
                    + " --http HOST:PORT --remoting HOST:PORT --node " + url);
        }
        Configuration latest =
                kept.members().filter(own -> own.index() > members.index()).orElse(selfLast(members, self));
        return kept.inCluster(cluster).withMembers(latest);
    }

    /** The first of a new cluster stands for election at once, and a replica that joins never is that. */
    private static Configuration selfLast(Configuration members, NodeId self) {
        Configuration.Member own = members.member(self).orElseThrow();
        return new Configuration(members.index(), new Configuration(members.index(), members.without(self)).with(own));
    }

    private static Configuration.Member member(Document member) {
        Optional<Configuration.Address> address = member.has("http")
                ? Optional.of(new Configuration.Address(member.text("http"), member.text("remoting")))
                : Optional.empty();
        return new Configuration.Member(
                NodeId.of(member.text("node")), member.text("role").equals("voter"), address);
    }
}
