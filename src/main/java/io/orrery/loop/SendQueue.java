package io.orrery.loop;

import java.util.ArrayDeque;
import java.util.Deque;

/** The messages that one step still has to send, in their order; the first is ready. */
final class SendQueue {
    private final EventLoop loop;
    private final Deque<Send> waiting = new ArrayDeque<>();
    private Runnable whenEmpty;

    SendQueue(EventLoop loop) {
        this.loop = loop;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void whenEmpty(Runnable action) {
        whenEmpty = action;
    }

    void add(Owner sender, String to, Runnable send) {
        waiting.add(new Send(sender, to, send));
        if (waiting.size() == 1) {
            loop.add(waiting.peek());
        }
    }

    private void sent() {
        waiting.poll();
        if (!waiting.isEmpty()) {
            loop.add(waiting.peek());
        } else if (whenEmpty != null) {
            whenEmpty.run();
        }
    }

    private final class Send extends Step {
        private final String to;
        private final Runnable send;

        Send(Owner sender, String to, Runnable send) {
            super(sender);
            this.to = to;
            this.send = send;
            renumber();
        }

        @Override
        public Kind kind() {
            return Kind.SEND;
        }

        @Override
        public String to() {
            return to;
        }

        @Override
        void run() {
            send.run();
            sent();
        }
    }
}
