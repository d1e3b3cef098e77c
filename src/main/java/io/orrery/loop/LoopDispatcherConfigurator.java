package io.orrery.loop;

import com.typesafe.config.Config;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.MessageDispatcher;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;

/** Puts a dispatcher on the loop of its actor system's scheduler. Instantiated by Pekko, as a dispatcher's {@code type}. */
public final class LoopDispatcherConfigurator extends MessageDispatcherConfigurator {
    private final MessageDispatcher dispatcher;

    /** Called by Pekko. */
    public LoopDispatcherConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        EventLoop loop = ((VirtualScheduler) prerequisites.scheduler()).loop();
        dispatcher = new LoopDispatcher(this, config.getString("id"), loop);
    }

    @Override
    public MessageDispatcher dispatcher() {
        return dispatcher;
    }
}
