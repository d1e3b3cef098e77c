package io.orrery.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.TSFBuilder;
import java.util.regex.Pattern;

/** How JSON is read that is a value or has values in it: what one reader takes, all the others can read. */
public final class JsonReading {
    /** Of an object or array that does not end; it names settings of the library, and lines of a part of a file. */
    private static final Pattern START = Pattern.compile(
            " \\((?:start marker at|for \\w+ starting at) \\[Source: .*?; line: \\d+, column: \\d+\\]\\)",
            Pattern.DOTALL);

    /** What could be switched on or off in the library, and where its limits come from: of no use to who sends a text. */
    private static final Pattern INSIDE = Pattern.compile(
            ": (?:please )?enable `[^`]*`[^;,]*|, from `[^`]*`"
                    + "| \\(consider enabling .*?\\)\\)| \\(not recognized as one since Feature '[A-Z_]*' not enabled for parser\\)");

    private JsonReading() {}

    /**
     * How much a document may hold. A value's size is bounded as a whole, where it comes in, and not again by the length of
     * a text or a number in it. How deep it nests stays bounded, for what looks inside.
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
     * A factory for documents that strangers send. It keeps no names: the tables that Jackson keeps by default for all later
     * documents would grow by each name that anybody has ever sent.
     *
     * @param around as for {@link #limits}
     */
    public static TSFBuilder<?, ?> factory(int around) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(limits(around));
    }

    /** What is wrong with a text that is not JSON, and where, for people. */
    public static String problem(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return "not JSON: " + reason(failure) + where;
    }

    /** What is wrong, without where. */
    public static String reason(JsonProcessingException failure) {
        String message = START.matcher(failure.getOriginalMessage()).replaceAll("");
        return INSIDE.matcher(message).replaceAll("");
    }
}
