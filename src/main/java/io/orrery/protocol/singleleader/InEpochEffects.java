package io.orrery.protocol.singleleader;

import io.orrery.model.NodeId;
import io.orrery.protocol.Effects;
import io.orrery.protocol.ForwardingEffects;
import io.orrery.protocol.Message;

/** Puts the epoch on every message that is sent. */
final class InEpochEffects extends ForwardingEffects {
    private final Leadership leadership;

    InEpochEffects(Effects effects, Leadership leadership) {
        super(effects);
        this.leadership = leadership;
    }

    @Override
    public void send(NodeId to, Message message) {
        super.send(to, new LeaderMessage.InEpoch(leadership.epoch(), message));
    }
}
