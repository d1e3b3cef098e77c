package io.orrery.protocol.dissemination;

/**
 * What a protocol requires of a starting replica before it counts as {@linkplain Replication#isWhole whole}, and of a
 * replaced one.
 *
 * @param answers how many peers must have told what they have, which must be there then, where the replica has its
 *     memory and none of them knows more of it
 * @param answersWhenForgetful how many, where the memory is new, or an older copy: so many that nothing can be missing
 *     that the replica ever confirmed
 * @param handsOver whether the writes count that a process took after another had taken its place
 * @param remembersWithoutWrites whether a replica has its memory where that tells of an earlier start, and of no write of its own
 */
public record StartRequirements(
        int answers, int answersWhenForgetful, boolean handsOver, boolean remembersWithoutWrites) {
    /** For a protocol in which the writes of each replica are independent. */
    public static final StartRequirements NONE = new StartRequirements(0, 0, true);

    /** Where a memory without writes of the replica's own counts as new. */
    public StartRequirements(int answers, int answersWhenForgetful, boolean handsOver) {
        this(answers, answersWhenForgetful, handsOver, false);
    }

    /** For a replica that confirms to others what it has on disk, whoever wrote it. */
    public static StartRequirements ofAcknowledger(int answersWhenForgetful) {
        return new StartRequirements(0, answersWhenForgetful, false, true);
    }
}
