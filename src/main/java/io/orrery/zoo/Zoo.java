package io.orrery.zoo;

import io.orrery.protocol.ProtocolType;
import io.orrery.zoo.gossip.GossipExhibits;
import io.orrery.zoo.kit.Exhibit;
import io.orrery.zoo.majority.MajorityExhibits;
import io.orrery.zoo.primary.PrimaryExhibits;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All protocols that are broken on purpose, and the sound ones that they are variants of. */
public final class Zoo {
    /** Made when first asked for: most scenarios name none of them. */
    private static final class Exhibits {
        private static final List<Exhibit> ALL = Stream.of(
                        GossipExhibits.ALL, PrimaryExhibits.ALL, MajorityExhibits.ALL)
                .flatMap(List::stream)
                .toList();
    }

    private Zoo() {}

    /** All, those of one family together. */
    public static List<Exhibit> exhibits() {
        return Exhibits.ALL;
    }

    /**
     * @param name with or without the prefix that its protocol has
     * @throws IllegalArgumentException when there is none of this name; the message lists those that there are
     */
    public static Exhibit named(String name) {
        return Exhibits.ALL.stream()
                .filter(exhibit ->
                        exhibit.name().equals(name) || exhibit.type().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no \"" + name + "\" in the zoo; there are: "
                        + Exhibits.ALL.stream().map(Exhibit::name).collect(Collectors.joining(", "))));
    }

    /** The protocol of this name, broken or sound; empty if it is none of the zoo. */
    public static Optional<ProtocolType> protocol(String name) {
        return name.startsWith(Exhibit.PREFIX)
                ? Stream.concat(sound().stream(), Exhibits.ALL.stream().map(Exhibit::type))
                        .filter(type -> type.name().equals(name))
                        .findFirst()
                : Optional.empty();
    }

    /** The protocols without a mistake. */
    public static List<ProtocolType> sound() {
        return List.of(GossipExhibits.SOUND, PrimaryExhibits.SOUND, MajorityExhibits.SOUND);
    }
}
