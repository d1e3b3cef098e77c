package io.orrery.protocol;

import io.orrery.model.Key;
import io.orrery.model.NodeId;
import io.orrery.model.Start;
import io.orrery.model.Update;
import java.util.Optional;
import java.util.function.Consumer;

/** Delegates every input and question; for subclasses that observe some. */
public abstract class ForwardingProtocol implements Protocol {
    private final Protocol next;

    protected ForwardingProtocol(Protocol next) {
        this.next = next;
    }

    @Override
    public void recover(JournalEntry entry) {
        next.recover(entry);
    }

    @Override
    public void start(Start start) {
        next.start(start);
    }

    @Override
    public void request(Request request) {
        next.request(request);
    }

    @Override
    public void message(NodeId from, Message message) {
        next.message(from, message);
    }

    @Override
    public void timer(Timer timer) {
        next.timer(timer);
    }

    @Override
    public void reachable(NodeId peer) {
        next.reachable(peer);
    }

    @Override
    public void unreachable(NodeId peer) {
        next.unreachable(peer);
    }

    @Override
    public long counted() {
        return next.counted();
    }

    @Override
    public long startsOf(NodeId replica) {
        return next.startsOf(replica);
    }

    @Override
    public Optional<ConfigurationStatus> configuration() {
        return next.configuration();
    }

    @Override
    public void change(ConfigurationChange change, Consumer<ConfigurationChange.Answer> answer) {
        next.change(change, answer);
    }

    @Override
    public ServiceStatus serviceStatus() {
        return next.serviceStatus();
    }

    @Override
    public Optional<? extends Update> lookup(Key key) {
        return next.lookup(key);
    }

    @Override
    public void forEach(Consumer<? super Update> action) {
        next.forEach(action);
    }

    @Override
    public Object clock() {
        return next.clock();
    }

    @Override
    public ReplicaStatus status() {
        return next.status();
    }

    @Override
    public void inspect(Inspection inspection) {
        next.inspect(inspection);
    }
}
