package io.orrery.protocol.kit;

/**
 * The latest session tokens that a replica has given, with what they mean: most clients come back with one of these, and
 * to read a token takes longer than to find it here.
 *
 * @param <T> what a token means; immutable
 */
public final class RecentTokens<T> {
    /** All are compared with a token: so many that a few clients that take turns find theirs. */
    private static final int SIZE = 8;

    private final String[] tokens = new String[SIZE];
    private final Object[] meanings = new Object[SIZE];
    private int next;

    /** A token has been given to a client. The oldest is forgotten. */
    public void add(String token, T meaning) {
        tokens[next] = token;
        meanings[next] = meaning;
        next = (next + 1) % SIZE;
    }

    /** What a token means, if it is one of the latest; else null. */
    @SuppressWarnings("unchecked") // Only add puts something there.
    public T find(String token) {
        for (int i = 0; i < SIZE; i++) {
            if (token.equals(tokens[i])) {
                return (T) meanings[i];
            }
        }
        return null;
    }
}
