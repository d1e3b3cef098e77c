/**
 * What protocols need again and again: requests sent until answered, doubles, fresh numbers, a wait index, quorums, session tokens,
 * catch-up, invariants.
 *
 * <p>Each part has a contract of its own, and none is for one protocol only:
 *
 * <ul>
 *   <li>a request that is sent again until it is answered: {@link io.orrery.protocol.kit.UnansweredRequests}, {@link
 *       io.orrery.protocol.kit.ResendTimer} and {@link io.orrery.protocol.kit.Backoff};
 *   <li>the other end, which carries out such a request once: {@link io.orrery.protocol.kit.DuplicateFilter};
 *   <li>numbers that no earlier life used: {@link io.orrery.protocol.kit.FreshNumbers};
 *   <li>what waits for a count to be reached: {@link io.orrery.protocol.kit.WaitIndex};
 *   <li>what waits for a number of replicas: {@link io.orrery.protocol.kit.QuorumCounter};
 *   <li>session tokens: {@link io.orrery.protocol.kit.SessionTokens}, and those of any form {@link
 *       io.orrery.protocol.kit.RecentTokens};
 *   <li>whom to ask for what is missing, and for how long: {@link io.orrery.protocol.kit.CatchUp};
 *   <li>what must hold: {@link io.orrery.protocol.kit.Invariant}.
 * </ul>
 *
 * <p>A part belongs to one replica and is used on its thread. It keeps to the rules of {@link io.orrery.protocol.Protocol}: no
 * clock, no randomness, no input or output. It imports the contract, {@code io.orrery.protocol}, and no protocol.
 */
package io.orrery.protocol.kit;
