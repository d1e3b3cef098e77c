package io.orrery.loop;

/**
 * Whom a step belongs to: an actor, or what is outside all actors. Each owner numbers its steps, so that a step more of one
 * changes no draw for another.
 */
final class Owner {
    /** Scripts, tests, and all else that is no actor. */
    static final String OUTSIDE = "outside";

    private final String name;
    private final long hash;
    private long steps;

    Owner(String name) {
        this.name = name;
        this.hash = Mixer.of(name);
    }

    String name() {
        return name;
    }

    long nextNumber() {
        return steps++;
    }

    /** The same for the same name and number in every run, whatever the others do. */
    long key(long number) {
        return Mixer.mix(hash + number);
    }
}
