package io.orrery.protocol.dissemination;

import io.orrery.model.NodeId;
import io.orrery.model.Value;
import io.orrery.model.Version;
import io.orrery.protocol.Effects;
import io.orrery.protocol.Meddled;
import io.orrery.protocol.Message;
import io.orrery.protocol.ProtocolType;
import io.orrery.protocol.ReplicaSettings;
import java.util.Optional;

/** Bugs in how a write of a peer is taken in. */
public final class MeddledWrites {
    private MeddledWrites() {}

    private abstract static class Arriving extends Meddled {
        Arriving(ProtocolType type, ReplicaSettings settings, Effects effects) {
            super(type, settings, effects);
        }

        abstract Write arrived(Write write);

        @Override
        public final void message(NodeId from, Message message) {
            super.message(
                    from,
                    message instanceof DisseminationMessage.Push push
                            ? new DisseminationMessage.Push(arrived(push.write()))
                            : message);
        }
    }

    /** What a write depends on is not waited for. */
    public static ProtocolType withoutBuffer(ProtocolType type) {
        return Meddled.type(type, "no buffering", (it, settings, effects) -> new Arriving(it, settings, effects) {
            @Override
            Write arrived(Write write) {
                return new Write(write.dot(), write.key(), write.value(), write.version(), Dependencies.NONE);
            }
        });
    }

    /** Whatever arrives takes the place of what is there. */
    public static ProtocolType withoutComparison(ProtocolType type) {
        return Meddled.type(
                type, "version not compared", (it, settings, effects) -> new Arriving(it, settings, effects) {
                    private long arrivals = 1_000_000;

                    @Override
                    Write arrived(Write write) {
                        Version latest = new Version(++arrivals, write.version().origin());
                        return new Write(write.dot(), write.key(), write.value(), latest, write.dependencies());
                    }
                });
    }

    /** Of two writes with the same time a replica keeps the one that it has. */
    public static ProtocolType withoutTieBreak(ProtocolType type) {
        return Meddled.type(type, "no tie-break", (it, settings, effects) -> new Arriving(it, settings, effects) {
            @Override
            Write arrived(Write write) {
                long time = write.version().counter();
                boolean isTie = time > 1
                        && lookup(write.key())
                                .filter(shown -> shown.version().counter() == time)
                                .isPresent();
                Version earlier =
                        new Version(isTie ? time - 1 : time, write.version().origin());
                return new Write(write.dot(), write.key(), write.value(), earlier, write.dependencies());
            }
        });
    }

    /** A value is another one when it arrives. */
    public static ProtocolType withValuesAltered(ProtocolType type) {
        return Meddled.type(type, "a value altered", (it, settings, effects) -> new Arriving(it, settings, effects) {
            @Override
            Write arrived(Write write) {
                boolean isAltered =
                        write.dot().sequence() % 5 == 0 && write.value().isPresent();
                return isAltered
                        ? new Write(
                                write.dot(),
                                write.key(),
                                Optional.of(Value.of("altered")),
                                write.version(),
                                write.dependencies())
                        : write;
            }
        });
    }

    /** Of what a catch-up brings one write is lost, and counts as known. */
    public static ProtocolType withoutAWriteOfACatchUp(ProtocolType type) {
        return Meddled.type(
                type, "a write of a catch-up lost", (it, settings, effects) -> new Meddled(it, settings, effects) {
                    @Override
                    public void message(NodeId from, Message message) {
                        super.message(
                                from,
                                message instanceof DisseminationMessage.Delta delta
                                                && !delta.writes().isEmpty()
                                        ? new DisseminationMessage.Delta(
                                                delta.from(),
                                                delta.to(),
                                                delta.part(),
                                                delta.writes()
                                                        .subList(
                                                                1,
                                                                delta.writes().size()),
                                                delta.scanned(),
                                                delta.complete())
                                        : message);
                    }
                });
    }
}
