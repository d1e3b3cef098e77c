package io.orrery.protocol;

import io.orrery.protocol.dissemination.Replication;
import io.orrery.protocol.multimaster.Cops;
import io.orrery.protocol.multimaster.LamportLww;
import io.orrery.protocol.multimaster.VectorCausal;
import io.orrery.protocol.singleleader.SingleLeaderProtocols;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The registry: every protocol that there is. To add one, write its class and add its line here. */
public final class Protocols {
    private static final List<ProtocolType> ALL = List.of(
            LamportLww.TYPE,
            VectorCausal.TYPE,
            Cops.TYPE,
            SingleLeaderProtocols.PRIMARY_LINEARIZABLE,
            SingleLeaderProtocols.PRIMARY_SEQUENTIAL,
            SingleLeaderProtocols.PRIMARY_CAUSAL,
            SingleLeaderProtocols.PRIMARY_EVENTUAL,
            SingleLeaderProtocols.LEADER_QUORUM);

    private Protocols() {}

    public static List<ProtocolType> all() {
        return ALL;
    }

    /** All that a replica of any protocol keeps in its journal: classes that implement {@link JournalEntry}. */
    public static List<Class<?>> entryTypes() {
        return both(Replication.ENTRY_TYPES, SingleLeaderProtocols.ENTRY_TYPES);
    }

    /** All that replicas of any protocol say to each other: classes that implement {@link Message}. */
    public static List<Class<?>> messageTypes() {
        return both(Replication.MESSAGE_TYPES, SingleLeaderProtocols.MESSAGE_TYPES);
    }

    private static List<Class<?>> both(List<Class<?>> some, List<Class<?>> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** @throws IllegalArgumentException when there is no protocol of this name; the message lists those that there are */
    public static ProtocolType named(String name) {
        return ALL.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow(() -> {
            String known = ALL.stream().map(ProtocolType::name).collect(Collectors.joining(", "));
            return new IllegalArgumentException("there is no protocol \"" + name + "\"; there are: " + known);
        });
    }
}
