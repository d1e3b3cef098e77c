package io.orrery.scenario;

import io.orrery.network.Delay;

/**
 * A generated load: each client runs one operation after another at a replica of its own. Clients carry their session
 * tokens.
 *
 * @param clients the number of clients; client n asks replica n modulo the number of replicas
 * @param operations the number of operations of all clients together
 * @param keys how many different keys
 * @param reads the share of reads, 0 to 1
 * @param deletes the share of deletes, 0 to 1
 * @param moves the chance that a client moves to another replica before an operation, 0 to 1
 * @param thinkTime how long a client waits between an answer and its next operation
 * @param redirects whether a client that a follower refuses asks the leader at once
 * @param values how many different values are written, one after another and again; 0 if all differ
 * @param cas the share of operations that are compare-and-sets with what their client last saw of the key, 0 to 1
 */
public record Workload(
        int clients,
        int operations,
        int keys,
        double reads,
        double deletes,
        double moves,
        Delay thinkTime,
        boolean redirects,
        int values,
        double cas) {
    /** Client number 1 is called {@code client1}. */
    static final String CLIENT = "client";

    public Workload {
        if (clients < 1 || operations < 1 || keys < 1) {
            throw new IllegalArgumentException("clients, operations and keys of a workload are 1 or more");
        }
        if (!(reads >= 0) || !(deletes >= 0) || !(cas >= 0) || !(reads + deletes + cas <= 1)) {
            throw new IllegalArgumentException(
                    "reads, deletes and cas of a workload are shares that add up to 1 at the most");
        }
        if (values < 0) {
            throw new IllegalArgumentException("values of a workload is 1 or more, or 0 if all differ, not " + values);
        }
        if (!(moves >= 0 && moves <= 1)) {
            throw new IllegalArgumentException("moves of a workload is a chance between 0 and 1, not " + moves);
        }
    }

    /** One without compare-and-set. */
    public Workload(
            int clients,
            int operations,
            int keys,
            double reads,
            double deletes,
            double moves,
            Delay thinkTime,
            boolean redirects,
            int values) {
        this(clients, operations, keys, reads, deletes, moves, thinkTime, redirects, values, 0);
    }

    /** The same with no more clients than this, which stay where they are. */
    public Workload staying(int most) {
        return new Workload(
                Math.min(clients, most), operations, keys, reads, deletes, 0, thinkTime, false, values, cas);
    }

    public Workload withKeys(int count) {
        return new Workload(clients, operations, count, reads, deletes, moves, thinkTime, redirects, values, cas);
    }

    /** The same with another pause between an answer and the next request. */
    public Workload withThinkTime(Delay changed) {
        return new Workload(clients, operations, keys, reads, deletes, moves, changed, redirects, values, cas);
    }

    /** The same, of whose operations this share compares. */
    public Workload comparing(double share) {
        return new Workload(clients, operations, keys, reads, deletes, moves, thinkTime, redirects, values, share);
    }
}
