package io.orrery.protocol;

/** The name of a timer of one protocol: each protocol family has an enum of its own. */
public interface Timer {
    String name();
}
