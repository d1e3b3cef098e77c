/**
 * Deployment files: replicas, addresses, tokens, certificates, limits.
 *
 * <p>What a deployment file can say. What is done with it belongs to {@code cluster} and {@code http}. Start at {@link
 * io.orrery.deployment.Deployment} and {@link io.orrery.deployment.DeploymentLoader}.
 */
package io.orrery.deployment;
