package io.orrery.explore.coverage;

import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.protocol.ForwardingProtocol;
import io.orrery.protocol.Message;
import io.orrery.protocol.Protocol;
import io.orrery.protocol.Request;
import io.orrery.protocol.Timer;
import java.util.Locale;

/** A replica's protocol, of which a watch is told before and after each input. */
final class WatchedReplica extends ForwardingProtocol {
    private final NodeId self;
    private final Watch watch;

    WatchedReplica(Protocol next, NodeId self, Watch watch) {
        super(next);
        this.self = self;
        this.watch = watch;
    }

    private void handle(String what, Runnable step) {
        watch.begins(self);
        step.run();
        watch.handled(self, what);
    }

    @Override
    public void start(Start start) {
        handle("start", () -> super.start(start));
    }

    @Override
    public void request(Request request) {
        String what = "client " + request.operation().name();
        watch.asked(self, what);
        handle(what, () -> super.request(request));
    }

    @Override
    public void message(NodeId from, Message message) {
        String what = "message " + message.kind();
        watch.received(self, what, from, message);
        handle(what, () -> super.message(from, message));
    }

    @Override
    public void timer(Timer timer) {
        String what = "timer " + timer.name().toLowerCase(Locale.ROOT);
        watch.timedOut(self, what);
        handle(what, () -> super.timer(timer));
    }

    @Override
    public void reachable(NodeId peer) {
        handle("reachable", () -> super.reachable(peer));
    }

    @Override
    public void unreachable(NodeId peer) {
        handle("unreachable", () -> super.unreachable(peer));
    }
}
