package io.orrery.simulation;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** Runs Pekko's dispatchers on the event loop of their actor system's scheduler. Instantiated by Pekko. */
public final class SimulatedDispatcher extends ExecutorServiceConfigurator {
    private final DispatcherPrerequisites prerequisites;

    /** Called by Pekko. */
    public SimulatedDispatcher(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.prerequisites = prerequisites;
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        EventLoop loop = ((VirtualScheduler) prerequisites.scheduler()).loop();
        return () -> loop;
    }
}
