package io.orrery.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.TSFBuilder;
import java.util.regex.Pattern;

/** How JSON that is or contains a value is read: what one reader accepts, all the others can read. */
public final class JsonReading {
    /**
     * Jackson's message about an unterminated object or array names library settings, and line numbers within a
     * fragment.
     */
    private static final Pattern START = Pattern.compile(
            " \\((?:start marker at|for \\w+ starting at) \\[Source: .*?; line: \\d+, column: \\d+\\]\\)",
            Pattern.DOTALL);

    /** Jackson's hints about its own switches and limits, which do not help whoever sent the text. */
    private static final Pattern INSIDE = Pattern.compile(
            ": (?:please )?enable `[^`]*`[^;,]*|, from `[^`]*`"
                    + "| \\(consider enabling .*?\\)\\)| \\(not recognized as one since Feature '[A-Z_]*' not enabled for parser\\)");

    private JsonReading() {}

    /**
     * The limits of a document. The size of a value is bounded where it enters, so the lengths of its strings and
     * numbers are not bounded again. Nesting stays bounded, for code that looks inside.
     *
     * @param around how many objects and arrays of the document there are around a value
     */
    public static StreamReadConstraints limits(int around) {
        return StreamReadConstraints.builder()
                .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH + around)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
    }

    /**
     * A factory for documents from untrusted senders. It interns no names: Jackson's default tables would grow by each
     * name that anybody ever sent.
     *
     * @param around as for {@link #limits}
     */
    public static TSFBuilder<?, ?> factory(int around) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(limits(around));
    }

    /** What is wrong with a text that is not JSON, and where. */
    public static String problem(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return "not JSON: " + reason(failure) + where;
    }

    /** What is wrong, without the position. */
    public static String reason(JsonProcessingException failure) {
        String message = START.matcher(failure.getOriginalMessage()).replaceAll("");
        return INSIDE.matcher(message).replaceAll("");
    }
}
