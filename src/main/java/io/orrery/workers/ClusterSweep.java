package io.orrery.workers;

import io.orrery.deployment.WorkersFile;
import io.orrery.explore.sweep.SweepPlan;
import io.orrery.explore.sweep.SweepResult;
import io.orrery.explore.sweep.SweepResult.End;
import io.orrery.explore.sweep.SweepRun;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * A sweep that workers play: it founds a cluster, gives each that joins units of its worlds, and adds up what comes back, in the
 * order of the worlds. It comes to the same as {@link io.orrery.explore.sweep.Sweep}, whoever plays, and whoever dies. To be run
 * once.
 */
public final class ClusterSweep extends SweepRun {
    private static final long LOOK_MILLIS = 50;
    /** How long worlds under way are waited for when somebody ends the sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** How long they are waited for when the time is over: who has them may die. */
    private static final Duration PATIENCE_AFTER_TIME = Duration.ofSeconds(60);

    private static final Duration ENDING = Duration.ofSeconds(1);

    private final WorkersFile file;
    private final String version;
    private final Task task;
    private final Consumer<String> told;

    private volatile int workers;
    private volatile int mostThreads;
    private volatile String failure;
    /** When the first worker began; 0 before. */
    private volatile long began;

    /**
     * @param version of this side, which must be that of the workers
     * @param plan of the scenarios of the task; its threads do not matter
     * @param told takes lines about workers
     */
    public ClusterSweep(WorkersFile file, String version, Task task, SweepPlan plan, Consumer<String> told) {
        super(plan);
        this.file = file;
        this.version = version;
        this.task = task;
        this.told = told;
    }

    /** How many workers play now. Callable from any thread. */
    public int workers() {
        return workers;
    }

    /** How long it is since the first worker began. Callable from any thread. */
    public Duration playing() {
        return Duration.ofNanos(began == 0 ? 0 : System.nanoTime() - began);
    }

    /**
     * Waits for workers, and has them play until the plan or somebody ends it. The time of the plan begins with the first worker.
     *
     * @throws IllegalArgumentException when it cannot listen
     * @throws IllegalStateException when a world cannot be played for a reason that is no finding, such as too little memory
     */
    @Override
    public SweepResult run() throws InterruptedException {
        SweepActor.Terms terms = new SweepActor.Terms(
                version,
                task,
                plan,
                Origins.of(plan.scenarios()),
                Proof.of(plan.scenarios(), plan.strategy(), plan.firstSeed()));
        ActorSystem<Void> system = ClusterSettings.start(file, file.sweep(), ClusterSettings.ROLE_OF_SWEEP);
        try {
            Cluster.get(system).manager().tell(new JoinSeedNodes(List.of(ClusterSettings.pekko(file.sweep()))));
            ActorRef<WorkerMessage> actor = system.systemActorOf(
                    SweepActor.create(terms, new HandOut(plan, assembly), new Watch()), "sweep", Props.empty());
            await();
            Duration took = playing();
            actor.tell(new SweepActor.End());
            return new SweepResult(plan.withThreads(Math.max(1, mostThreads)), assembly.close(), assembly.why(), took);
        } finally {
            ClusterSettings.end(system, ENDING);
        }
    }

    private void await() throws InterruptedException {
        long timeOver = plan.time().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long endedAt = 0;
        while (!assembly.isComplete()) {
            if (failure != null) {
                throw new IllegalStateException("the sweep failed: " + failure);
            }
            if (playing().toNanos() >= timeOver) {
                assembly.end(End.TIME);
            }
            if (assembly.why() != null) {
                endedAt = endedAt == 0 ? System.nanoTime() : endedAt;
                Duration patience = isInterrupted() ? PATIENCE : PATIENCE_AFTER_TIME;
                if (System.nanoTime() - endedAt >= patience.toNanos()) {
                    return;
                }
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private final class Watch implements SweepActor.Listener {
        @Override
        public void playing(int count, int threads) {
            workers = count;
            mostThreads = Math.max(mostThreads, threads);
            began = began == 0 ? System.nanoTime() : began;
        }

        @Override
        public void told(String line) {
            told.accept(line);
        }

        @Override
        public void failed(String why) {
            failure = failure == null ? why : failure;
        }
    }
}
