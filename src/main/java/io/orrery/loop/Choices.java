package io.orrery.loop;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a run leaves what its strategy would have done with its seed. Empty for a run that its seed alone decides.
 *
 * @param steps by how many choices came before, which of the steps that are ready runs: an index below their number; where
 *     fewer are ready, the remainder counts
 * @param delays by how many messages were delayed before, for how long the message is under way, in nanoseconds; what the
 *     link does not allow becomes the nearest that it does
 * @param redraws by how many steps ran before, the seed from which all that is left to chance is drawn from then on
 */
public record Choices(SortedMap<Long, Integer> steps, SortedMap<Long, Long> delays, SortedMap<Long, Long> redraws) {
    private static final Pattern ONE = Pattern.compile("([sdr])(\\d{1,18})=(\\d{1,18})");

    public static final Choices NONE =
            new Choices(Collections.emptySortedMap(), Collections.emptySortedMap(), Collections.emptySortedMap());

    /** @throws IllegalArgumentException when a number is below 0 */
    public Choices {
        steps = Collections.unmodifiableSortedMap(new TreeMap<>(steps));
        delays = Collections.unmodifiableSortedMap(new TreeMap<>(delays));
        redraws = Collections.unmodifiableSortedMap(new TreeMap<>(redraws));
        boolean isBelow = steps.entrySet().stream().anyMatch(it -> it.getKey() < 0 || it.getValue() < 0)
                || Stream.concat(delays.entrySet().stream(), redraws.entrySet().stream())
                        .anyMatch(it -> it.getKey() < 0 || it.getValue() < 0);
        if (isBelow) {
            throw new IllegalArgumentException("choices are counted from 0 on, and are 0 or more");
        }
    }

    /** Whether the strategy and the seed decide all. */
    public boolean isNone() {
        return steps.isEmpty() && delays.isEmpty() && redraws.isEmpty();
    }

    /**
     * Reads {@code s17=2,d5=3000000,r90=8}: the 18th step that is chosen is the third of those that are ready, the sixth
     * message that is delayed takes 3 ms, and after 90 steps all is drawn anew from 8. The inverse of {@link #toString}.
     *
     * @throws IllegalArgumentException when it has another form
     */
    public static Choices parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        SortedMap<Long, Integer> steps = new TreeMap<>();
        SortedMap<Long, Long> delays = new TreeMap<>();
        SortedMap<Long, Long> redraws = new TreeMap<>();
        for (String one : text.split(",", -1)) {
            Matcher matcher = ONE.matcher(one);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "choices are such as s17=2, d5=3000000 or r90=8, with commas between them, and not \"" + one
                                + "\"");
            }
            long number = Long.parseLong(matcher.group(2));
            long given = Long.parseLong(matcher.group(3));
            boolean isNew = switch (matcher.group(1)) {
                case "s" -> steps.put(number, (int) Math.min(Integer.MAX_VALUE, given)) == null;
                case "d" -> delays.put(number, given) == null;
                default -> redraws.put(number, given) == null;
            };
            if (!isNew) {
                throw new IllegalArgumentException("a choice is given twice: " + one);
            }
        }
        return new Choices(steps, delays, redraws);
    }

    @Override
    public String toString() {
        return Stream.of(texts("s", steps), texts("d", delays), texts("r", redraws))
                .flatMap(it -> it)
                .collect(Collectors.joining(","));
    }

    private static Stream<String> texts(String what, SortedMap<Long, ?> choices) {
        return choices.entrySet().stream().map(it -> what + it.getKey() + "=" + it.getValue());
    }
}
