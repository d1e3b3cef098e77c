package io.orrery.history;

import io.orrery.model.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows the elements of a file to people in the file's own syntax, and converts them to values. */
enum Spelling {
    EDN(":", " ", ", ") {
        @Override
        String of(Datum datum) {
            return shortened(EdnText.of(datum));
        }

        @Override
        Value value(Datum datum) {
            return EdnText.value(datum);
        }

        @Override
        String example() {
            return "{:process 0, :type :invoke, :f :write, :value 1}";
        }
    },
    JSON("", ":", ",") {
        @Override
        String of(Datum datum) {
            return shortened(datum.isJson() ? datum.json().json() : EdnText.of(datum));
        }

        @Override
        Value value(Datum datum) {
            // An object is taken as it is, whatever its members are called.
            return datum.isJson() ? datum.json() : EdnText.value(datum);
        }

        @Override
        String example() {
            return "{\"process\":\"alice\",\"type\":\"invoke\",\"f\":\"write\",\"key\":\"x\",\"value\":1}";
        }
    };

    /** The fields of an event that are shown, in this order. */
    private static final List<String> TOLD =
            List.of("process", "type", "f", "key", "value", "result", "version", "time");

    private static final int LONGEST = 200;

    private final String colon;
    private final String after;
    private final String between;

    Spelling(String colon, String after, String between) {
        this.colon = colon;
        this.after = after;
        this.between = between;
    }

    /** In the syntax of the file, shortened if long. */
    abstract String of(Datum datum);

    /** @throws IllegalArgumentException when it has no meaning */
    abstract Value value(Datum datum);

    /** An example of a correct operation. */
    abstract String example();

    /** A word or the name of a field: in EDN a keyword. */
    String word(String name) {
        return colon + name;
    }

    String pair(String first, String second) {
        return "[" + first + (this == EDN ? " " : ", ") + second + "]";
    }

    /** An event for people. */
    String of(Map<String, Datum> fields) {
        String quote = this == JSON ? "\"" : "";
        return TOLD.stream()
                .filter(fields::containsKey)
                .map(name -> quote + word(name) + quote + after + of(fields.get(name)))
                .collect(Collectors.joining(between, "{", "}"));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
