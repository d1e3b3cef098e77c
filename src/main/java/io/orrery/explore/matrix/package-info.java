/**
 * Matrices: which protocol keeps which consistency model, as many worlds show it, and which history tells two models
 * apart.
 *
 * <p>A matrix of protocols is a sweep under each, judged by all models; a matrix of models is an enumeration of small
 * histories. Start at {@link io.orrery.explore.matrix.ProtocolMatrix} and {@link io.orrery.explore.matrix.ModelMatrix}.
 */
package io.orrery.explore.matrix;
