/**
 * The protocol {@code raft}: replicas elect a leader, whose log a majority stores before a write is answered.
 *
 * <p>Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", USENIX ATC 2014 (the paper), and Ongaro,
 * "Consensus: Bridging Theory and Practice", Stanford 2014 (the dissertation). Each part has one job, and comments name the section:
 *
 * <ul>
 *   <li>{@code Ballots}: the durable term and vote, and which replicas count;
 *   <li>{@code RaftLog}: the durable log; {@code Store}: the state machine, with the snapshot on disk;
 *   <li>{@code Elections}: who leads;
 *   <li>{@code Replication}: the leader's side of the log; {@code Acceptance}: the follower's;
 *   <li>{@code Configurations}: who the replicas are; {@code Changes}: how that changes, and who leads;
 *   <li>{@code Writes} and {@code Reads}: what clients ask.
 * </ul>
 *
 * <p>Start at {@code Raft}.
 */
package io.orrery.protocol.raft;
