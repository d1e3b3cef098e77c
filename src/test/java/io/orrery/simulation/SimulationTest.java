package io.orrery.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final String PROPERTY = "pekko.log-dead-letters";

    @AfterEach
    void forget() {
        System.clearProperty(PROPERTY);
        ConfigFactory.invalidateCaches();
    }

    @Test
    void systemPropertiesDoNotReachIntoASimulation() {
        System.setProperty(PROPERTY, "17");
        ConfigFactory.invalidateCaches();
        assertEquals("off", Simulation.settings().getString(PROPERTY));
    }
}
