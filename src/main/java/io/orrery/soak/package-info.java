/**
 * Does to the nodes of a deployment what a hostile month does, while clients write and read, and judges what they saw: see
 * {@link io.orrery.soak.Soak}.
 */
package io.orrery.soak;
