/**
 * Matrices: which protocol keeps which consistency model, as many worlds show it.
 *
 * <p>A matrix is a sweep under each protocol, judged by all models. Start at {@link io.orrery.explore.matrix.ProtocolMatrix}.
 */
package io.orrery.explore.matrix;
