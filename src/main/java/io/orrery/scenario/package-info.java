/**
 * Scenario files and their runner.
 *
 * <p>What a scenario file can say, what it expects, and how it is played in a world. Start at {@link
 * io.orrery.scenario.Scenario} and {@link io.orrery.scenario.ScenarioRunner}.
 */
package io.orrery.scenario;
