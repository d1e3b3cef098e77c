package io.orrery.bench.experiment;

import io.orrery.codec.Codec;
import io.orrery.model.NodeId;
import io.orrery.model.Operation;
import io.orrery.model.Outcome;
import io.orrery.network.InFlightMessage;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.simulation.World;
import io.orrery.simulation.WorldObserver;

/** Counts what replicas send each other while clients have something to do, as the transport of a cluster encodes it. */
final class Traffic implements WorldObserver {
    private final Codec<Message> codec;
    private long messages;
    private long bytes;
    /** Of this world, until now. */
    private long worldMessages;

    private long worldBytes;
    /** Of this world, when an operation last ended. */
    private long untilLastMessages;

    private long untilLastBytes;

    Traffic(ProtocolType protocol) {
        codec = Codec.ofMessages(protocol);
    }

    @Override
    public void began(World world) {
        worldMessages = 0;
        worldBytes = 0;
        untilLastMessages = 0;
        untilLastBytes = 0;
    }

    @Override
    public void sent(InFlightMessage inFlightMessage) {
        count(inFlightMessage);
    }

    /** What a link loses was sent. */
    @Override
    public void lost(InFlightMessage inFlightMessage, Loss why) {
        if (!why.isOnArrival()) {
            count(inFlightMessage);
        }
    }

    private void count(InFlightMessage inFlightMessage) {
        worldMessages++;
        worldBytes += codec.encode(inFlightMessage.message()).length;
    }

    @Override
    public void returned(String client, NodeId via, Operation operation, Outcome outcome) {
        untilLastMessages = worldMessages;
        untilLastBytes = worldBytes;
    }

    @Override
    public void ended() {
        messages += untilLastMessages;
        bytes += untilLastBytes;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }
}
