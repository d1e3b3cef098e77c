package io.orrery.protocol.totalorder;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.orrery.clock.VersionVector;
import io.orrery.model.NodeId;
import io.orrery.model.Origin;
import io.orrery.protocol.Message;
import io.orrery.protocol.PlausibilityCheck;
import java.util.Optional;

/**
 * The sender's clock is past a time: each further write of it will be later.
 *
 * @param sender which start of which replica
 * @param known the writes that it has, its own up to that time among them
 * @param time of its clock, which it will find again after a crash
 * @param shown all writes up to this time have been shown; -1 where that is not clear
 * @param heard the latest such time that it has from the receiver, whose memory may be older
 * @param asks whether the receiver is to answer with its own time
 * @param reserved a time that the sender keeps free for a write of its own: the receiver's clock is to go past it
 */
@JsonTypeName("acknowledge")
record Acknowledge(
        Origin sender, VersionVector known, long time, long shown, long heard, boolean asks, Optional<Long> reserved)
        implements Message {
    @Override
    public String kind() {
        return "acknowledge";
    }

    @Override
    public void check(NodeId by, PlausibilityCheck plausibilityCheck) {
        plausibilityCheck.sender(sender, by);
        plausibilityCheck.counts(known);
        plausibilityCheck.time(time);
        plausibilityCheck.time(Math.max(0, shown));
        plausibilityCheck.time(heard);
        reserved.ifPresent(plausibilityCheck::time);
    }

    @Override
    public String toString() {
        return "acknowledge " + time + (asks ? ", and you?" : "");
    }
}
