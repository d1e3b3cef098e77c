package io.orrery.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known name an unknown name was meant to be. */
public final class NameSuggestion {
    private NameSuggestion() {}

    /** The known name that is nearest to the given one; empty if none is near. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        String given = name.toLowerCase(Locale.ROOT);
        int near = Math.max(1, given.length() / 3);
        return known.stream()
                // The difference in length is a lower bound of the distance. This bounds the matrix, however long the
                // given name is.
                .filter(candidate -> Math.abs(candidate.length() - given.length()) <= near)
                .filter(candidate -> distance(given, candidate.toLowerCase(Locale.ROOT)) <= near)
                .min(Comparator.comparingInt(candidate -> distance(given, candidate.toLowerCase(Locale.ROOT))));
    }

    /** The number of insertions, deletions, substitutions and transpositions (Damerau-Levenshtein distance). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(d[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            d[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
