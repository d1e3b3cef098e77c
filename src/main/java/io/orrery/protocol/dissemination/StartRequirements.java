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
 */
public record StartRequirements(int answers, int answersWhenForgetful, boolean handsOver) {
    /** For a protocol in which the writes of each replica are independent. */
    public static final StartRequirements NONE = new StartRequirements(0, 0, true);
}
