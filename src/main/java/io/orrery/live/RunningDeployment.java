package io.orrery.live;

import io.orrery.deployment.Deployment;
import io.orrery.journal.Journal;
import io.orrery.journal.JournalException;
import io.orrery.model.NodeId;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/** A deployment of which some or all replicas run in this process. */
public interface RunningDeployment {
    Deployment deployment();

    /** The actor system of the replicas that run here. */
    ActorSystem<Void> system();

    /** The replicas that run here, in the order of the file. */
    List<NodeId> here();

    /** @throws IllegalArgumentException when no such replica runs here */
    ReplicaClient client(NodeId id);

    /**
     * Whether a replica that runs here is ready, and what it waits for. Fails with {@link ReplicaClient.NotAnswered} when
     * it does not say in time how far it has come.
     *
     * @throws IllegalArgumentException when no such replica runs here
     */
    CompletionStage<Readiness> readiness(NodeId id);

    /**
     * What the disk of a replica that runs here holds at this moment, as {@link Journal#backup} gives it. May take as long as
     * the disk does.
     *
     * @return empty where it keeps nothing on disk, or everything has ended
     * @throws JournalException when that failed
     * @throws IllegalArgumentException when no such replica runs here
     */
    Optional<InputStream> backup(NodeId id);

    /**
     * Has somebody told how long the disk of a replica that runs here takes for each sync, as {@link Journal#observeSyncs} does.
     *
     * @throws IllegalArgumentException when no such replica runs here
     */
    void observeSyncs(NodeId id, LongConsumer observer);

    Laboratory laboratory();

    /** Whether the replicas that run here may act: one that does not belong to the others answers nobody. */
    Admission admission();

    /** The id of the cluster to which the replicas that run here belong; empty while they belong to none. */
    Optional<String> cluster();

    /** The nodes of the cluster that this one has heard of; empty where one process runs all replicas. */
    Optional<List<MemberState>> members();

    /** Completed with the reason when a replica that runs here is a member of its cluster no more. */
    default CompletionStage<String> whenRemoved() {
        return new CompletableFuture<>();
    }

    /** Completed when the actor system of the replicas ends and nobody has told it to, as by a fatal error in it. */
    CompletionStage<Done> whenBroken();

    /** Ends everything in order: first what was added to the coordinated shutdown, then the replicas and their journals. */
    CompletionStage<Done> stop();
}
