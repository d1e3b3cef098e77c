package io.orrery.workers;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.codec.Codec;
import io.orrery.explore.Kind;
import io.orrery.scenario.Run;
import java.util.List;
import java.util.Map;

/**
 * What a sweep and its workers say to each other: a closed set of named types, as CBOR. Actors are named by the text of their
 * reference. {@link Hello} and {@link Refused} stay as they are in all versions, so that versions that understand nothing else
 * of each other can say so.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
sealed interface WorkerMessage {
    List<Class<?>> TYPES = List.of(
            Hello.class,
            Refused.class,
            Welcome.class,
            Ready.class,
            Unfit.class,
            Begin.class,
            Unit.class,
            Part.class,
            Received.class,
            Broken.class,
            Over.class);

    static Codec<WorkerMessage> codec() {
        return new Codec<>(WorkerMessage.class, TYPES);
    }

    /** Said within one process, and never sent. */
    non-sealed interface Local extends WorkerMessage {}

    /** A worker has found the sweep, and repeats this until it is answered. */
    @JsonTypeName("hello")
    record Hello(String worker, String version) implements WorkerMessage {}

    /** The worker may not play, for this reason. */
    @JsonTypeName("refused")
    record Refused(String why) implements WorkerMessage {}

    /**
     * What is to be played.
     *
     * @param seed the first
     * @param origins of each protocol, by name: {@link Origins}
     */
    @JsonTypeName("welcome")
    record Welcome(Task task, long seed, Map<String, String> origins) implements WorkerMessage {
        public Welcome {
            origins = Map.copyOf(origins);
        }
    }

    /**
     * The worker can play it.
     *
     * @param threads how many units it plays at a time
     * @param proof what its first worlds look like: {@link Proof}
     */
    @JsonTypeName("ready")
    record Ready(String worker, int threads, String proof) implements WorkerMessage {
        private static final int MOST_THREADS = 10_000;

        public Ready {
            if (threads < 1 || threads > MOST_THREADS) {
                throw new IllegalArgumentException("no worker has " + threads + " threads");
            }
        }
    }

    /** The worker cannot play it, for this reason. */
    @JsonTypeName("unfit")
    record Unfit(String worker, String why) implements WorkerMessage {}

    /** The worker may ask for units. */
    @JsonTypeName("begin")
    record Begin() implements WorkerMessage {}

    /**
     * Worlds to play.
     *
     * @param world the number of the first in the sweep
     * @param seed of the first
     * @param scenario the index of its scenario; the next world is that of the next scenario, or of the next seed and the first
     */
    @JsonTypeName("unit")
    record Unit(long world, long seed, int scenario, int worlds) implements WorkerMessage {
        /** More than any sweep hands out at once. */
        private static final int MOST = 1 << 16;

        public Unit {
            if (world < 0 || scenario < 0 || worlds < 1 || worlds > MOST) {
                throw new IllegalArgumentException("there is no such unit");
            }
        }
    }

    /**
     * What successive worlds came to.
     *
     * @param worker repeats this until it is told {@link Received}
     * @param world the number of the first
     * @param nanos how long a world took, on the average
     * @param kinds what held or not in some of these worlds, which name them by their places here
     */
    @JsonTypeName("part")
    record Part(String worker, long world, long nanos, List<Kind> kinds, List<World> worlds) implements WorkerMessage {
        public Part {
            kinds = List.copyOf(kinds);
            worlds = List.copyOf(worlds);
        }
    }

    /** What one world came to: places of kinds. */
    record World(
            List<Integer> held,
            List<Integer> violated,
            List<Integer> undecided,
            List<Found> findings,
            List<Run.FaultCount> faults) {
        public World {
            held = List.copyOf(held);
            violated = List.copyOf(violated);
            undecided = List.copyOf(undecided);
            findings = List.copyOf(findings);
            faults = List.copyOf(faults);
        }
    }

    /** @param sentence empty where an earlier world of the part, of the same scenario, has a finding of this kind */
    record Found(int kind, String sentence) {}

    /** The sweep has the {@link Part} that begins with this world. */
    @JsonTypeName("received")
    record Received(long world) implements WorkerMessage {}

    /** The worker cannot go on, and neither could another one. */
    @JsonTypeName("broken")
    record Broken(String worker, String why) implements WorkerMessage {}

    /** The sweep has ended. */
    @JsonTypeName("over")
    record Over() implements WorkerMessage {}
}
