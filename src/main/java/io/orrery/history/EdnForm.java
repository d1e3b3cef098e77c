package io.orrery.history;

/** How a Jepsen history says which key an operation is about. */
public enum EdnForm {
    /** Not at all: there is one register. */
    REGISTER,
    /** The value is {@code [key value]}, as Jepsen's independent tests write it. */
    TUPLE,
    /** The map has a field {@code :key}. */
    KEY_FIELD
}
