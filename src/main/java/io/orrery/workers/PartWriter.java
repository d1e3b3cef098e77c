package io.orrery.workers;

import io.orrery.codec.Codec;
import io.orrery.explore.Finding;
import io.orrery.explore.Kind;
import io.orrery.explore.sweep.Played;
import io.orrery.workers.WorkerMessage.Found;
import io.orrery.workers.WorkerMessage.Part;
import io.orrery.workers.WorkerMessage.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes down what the worlds of a unit came to, in parts of limited size. */
final class PartWriter {
    /** Of kinds and the like in a part. A world that has more is a part of its own. */
    private static final int MOST_ENTRIES = 20_000;

    private static final Codec<WorkerMessage> CODEC = WorkerMessage.codec();

    /** A finding of one kind in one scenario. */
    private record Told(int scenario, Kind kind) {}

    private final String worker;
    private final List<Part> parts = new ArrayList<>();
    private final Map<Kind, Integer> kinds = new LinkedHashMap<>();
    private final Set<Told> told = new HashSet<>();
    private final List<World> worlds = new ArrayList<>();
    private long first;
    private int entries;

    /**
     * @param worker who says it
     * @param first the number of the first world
     */
    PartWriter(String worker, long first) {
        this.worker = worker;
        this.first = first;
    }

    /** Adds what the next world came to. */
    void add(int scenario, Played played) {
        List<Integer> held = new ArrayList<>();
        List<Integer> violated = new ArrayList<>();
        List<Integer> undecided = new ArrayList<>();
        played.answers()
                .forEach((kind, answer) -> (switch (answer) {
                            case HELD -> held;
                            case VIOLATED -> violated;
                            case UNDECIDED -> undecided;
                        })
                        .add(place(kind)));
        List<Found> findings = played.findings().stream()
                .map(finding -> new Found(place(finding.kind()), sentence(scenario, finding)))
                .toList();
        worlds.add(new World(held, violated, undecided, findings, played.faults()));
        entries += played.answers().size() + findings.size() + played.faults().size();
        if (entries >= MOST_ENTRIES) {
            flush();
        }
    }

    private int place(Kind kind) {
        return kinds.computeIfAbsent(kind, it -> kinds.size());
    }

    /** Only the first of a kind is kept, so only that needs its sentence. */
    private String sentence(int scenario, Finding finding) {
        return told.add(new Told(scenario, finding.kind())) ? finding.sentence() : "";
    }

    private void flush() {
        parts.add(new Part(worker, first, 0, List.copyOf(kinds.keySet()), worlds));
        first += worlds.size();
        kinds.clear();
        worlds.clear();
        told.clear();
        entries = 0;
    }

    /**
     * @param nanos how long a world took, on the average
     * @throws IllegalStateException when one of them is too large to be sent
     */
    List<Part> parts(long nanos) {
        if (!worlds.isEmpty()) {
            flush();
        }
        return parts.stream()
                .map(part -> new Part(part.worker(), part.world(), nanos, part.kinds(), part.worlds()))
                .map(PartWriter::small)
                .toList();
    }

    /** Pekko would drop it, again and again. */
    private static Part small(Part part) {
        if (CODEC.encode(part).length > MessageSerializer.MOST_BYTES) {
            throw new IllegalStateException("what world " + part.world()
                    + " came to is too much for a message: sweep this scenario without --workers");
        }
        return part;
    }
}
