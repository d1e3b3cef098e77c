package io.orrery.loop;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.Cell;
import org.apache.pekko.dispatch.Dispatcher;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.ExecutorServiceFactoryProvider;
import org.apache.pekko.dispatch.Mailbox;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageDispatcherConfigurator;
import org.apache.pekko.dispatch.sysmsg.DeathWatchNotification;
import org.apache.pekko.dispatch.sysmsg.SystemMessage;
import scala.concurrent.duration.Duration;

/** A dispatcher of Pekko whose actors and tasks run as steps of the loop. System messages arrive at once. */
final class LoopDispatcher extends Dispatcher {
    private final EventLoop loop;
    private final Map<Mailbox, Inbox> inboxes;

    LoopDispatcher(MessageDispatcherConfigurator configurator, String id, EventLoop loop) {
        this(configurator, id, loop, new IdentityHashMap<>());
    }

    private LoopDispatcher(
            MessageDispatcherConfigurator configurator, String id, EventLoop loop, Map<Mailbox, Inbox> inboxes) {
        // One message a step.
        super(configurator, id, 1, Duration.Zero(), new Executors(loop, inboxes), Duration.create(0, "s"));
        this.loop = loop;
        this.inboxes = inboxes;
    }

    @Override
    public Mailbox createMailbox(Cell cell, MailboxType type) {
        Mailbox mailbox = super.createMailbox(cell, type);
        String actor = cell.self().path().toStringWithoutAddress();
        inboxes.put(mailbox, new Inbox(loop, actor, mailbox));
        return mailbox;
    }

    @Override
    public void unregister(ActorCell actor) {
        Mailbox mailbox = actor.mailbox();
        super.unregister(actor);
        inboxes.remove(mailbox);
    }

    @Override
    public void dispatch(ActorCell receiver, Envelope envelope) {
        if (loop.sendsAtOnce()) {
            deliver(receiver, envelope);
        } else {
            loop.sendLater(nameOf(receiver), () -> deliver(receiver, envelope));
        }
    }

    private void deliver(ActorCell receiver, Envelope envelope) {
        Inbox inbox = inboxes.get(receiver.mailbox());
        if (inbox == null) {
            super.dispatch(receiver, envelope); // The actor has stopped.
            return;
        }
        int before = inbox.size();
        super.dispatch(receiver, envelope);
        if (inbox.size() > before) {
            inbox.received(loop.sender());
        }
    }

    @Override
    public void systemDispatch(ActorCell receiver, SystemMessage message) {
        // Who watches an actor hears of its end after what it said before.
        if (message instanceof DeathWatchNotification && loop.hasUnsent()) {
            loop.sendLater(nameOf(receiver), () -> super.systemDispatch(receiver, message));
        } else {
            super.systemDispatch(receiver, message);
        }
    }

    private static String nameOf(ActorCell receiver) {
        return receiver.self().path().toStringWithoutAddress();
    }

    /** What Pekko takes for a thread pool. */
    private static final class Executors implements ExecutorServiceFactoryProvider {
        private final EventLoop loop;
        private final Map<Mailbox, Inbox> inboxes;

        private Executors(EventLoop loop, Map<Mailbox, Inbox> inboxes) {
            this.loop = loop;
            this.inboxes = inboxes;
        }

        @Override
        public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
            return () -> new LoopExecutor(loop, inboxes);
        }

        /** Has Pekko run each callback of a future as a task of its own. */
        @Override
        public boolean isVirtualized() {
            return true;
        }
    }

    private static final class LoopExecutor extends AbstractExecutorService implements ExecutorService {
        private final EventLoop loop;
        private final Map<Mailbox, Inbox> inboxes;

        private LoopExecutor(EventLoop loop, Map<Mailbox, Inbox> inboxes) {
            this.loop = loop;
            this.inboxes = inboxes;
        }

        @Override
        public void execute(Runnable task) {
            Inbox inbox = task instanceof Mailbox mailbox ? inboxes.get(mailbox) : null;
            if (inbox == null) {
                loop.execute(task);
            } else {
                inbox.schedule();
            }
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return new ArrayList<>();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
