package io.orrery.protocol.dissemination;

import com.fasterxml.jackson.annotation.JsonTypeName;

/** How often a replica has started with this memory. */
@JsonTypeName("life")
record Life(long count) implements ReplicationEntry {
    private static final int NUMBERS_OF_A_LIFE = 40;

    static final Life NONE = new Life(0);

    /** More than that many starts have no numbers. */
    private static final long MOST = 1L << 21;

    Life {
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("a memory has from 0 to " + MOST + " lives, not " + count);
        }
    }

    Life next() {
        return new Life(count + 1);
    }

    /** From here on are numbers by which no earlier life can have called anything, nor got an answer to it. */
    long firstNumber() {
        return (count << NUMBERS_OF_A_LIFE) + 1;
    }

    @Override
    public Object slot() {
        return "life";
    }
}
