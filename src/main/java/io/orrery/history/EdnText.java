package io.orrery.history;

import io.orrery.model.Unicode;
import io.orrery.model.Value;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Data as canonical EDN, and as values of the store: JSON where possible, otherwise {@code {"edn":"…"}}. So equal data
 * are equal values, and data of different types stay different.
 */
final class EdnText {
    private static final Datum MEMBER = new Datum.Text("edn");
    private static final String START = "{\"edn\":\"";

    private final StringBuilder out = new StringBuilder();
    private final boolean strict;

    private EdnText(boolean strict) {
        this.strict = strict;
    }

    /** For people: an element without a meaning is shown as written. */
    static String of(Datum datum) {
        if (datum instanceof Datum.Atom atom) {
            return atom.text();
        }
        EdnText text = new EdnText(false);
        text.append(datum);
        return text.out.toString();
    }

    /**
     * A value of an EDN file.
     *
     * @throws IllegalArgumentException if it has no meaning
     */
    static Value value(Datum datum) {
        boolean isTaken =
                datum instanceof Datum.Table table && table.entries().keySet().equals(Set.of(MEMBER));
        if (datum.isJson() && !isTaken) {
            return datum.json();
        }
        EdnText text = new EdnText(true);
        text.append(datum);
        return new Value("{\"edn\":" + Value.of(text.out.toString()).json() + "}");
    }

    /** The EDN of a value that is not JSON; null for any other value. */
    static String of(Value value) {
        if (!value.json().startsWith(START)) {
            return null;
        }
        String text = value.tree().path("edn").textValue();
        return text != null && read(text).equals(value) ? text : null;
    }

    /** A value for people: EDN if it is not JSON. */
    static String shown(Value value) {
        String edn = of(value);
        return edn == null ? value.json() : edn;
    }

    private static Value read(String text) {
        try {
            EdnReader reader = new EdnReader(new StringReader("[" + text + "]"), "value");
            Datum datum = reader.next();
            return datum == null || reader.next() != null ? Value.NULL : value(datum);
        } catch (IOException | MalformedHistoryException | IllegalArgumentException noEdn) {
            return Value.NULL;
        }
    }

    private void append(Datum datum) {
        if (datum instanceof Datum.Atom atom) {
            out.append(atom.text());
        } else if (datum instanceof Datum.Text text) {
            quote(text.content(), out);
        } else if (datum instanceof Datum.Sequence sequence) {
            join("[", texts(sequence.elements()), " ", "]");
        } else if (datum instanceof Datum.Group group) {
            List<String> elements = texts(group.members());
            Collections.sort(elements);
            join("#{", elements, " ", "}");
        } else if (datum instanceof Datum.Table table) {
            List<String> entries = new ArrayList<>();
            for (Map.Entry<Datum, Datum> entry : table.entries().entrySet()) {
                entries.add(text(entry.getKey()) + " " + text(entry.getValue()));
            }
            Collections.sort(entries);
            join("{", entries, ", ", "}");
        } else if (datum instanceof Datum.Tagged tagged) {
            out.append('#').append(tagged.tag()).append(' ');
            append(tagged.datum());
        } else {
            Datum.Meaningless wrong = (Datum.Meaningless) datum;
            if (strict) {
                throw new IllegalArgumentException(wrong.problem());
            }
            out.append(wrong.text());
        }
    }

    private String text(Datum datum) {
        EdnText text = new EdnText(strict);
        text.append(datum);
        return text.out.toString();
    }

    private List<String> texts(Collection<Datum> data) {
        List<String> texts = new ArrayList<>();
        for (Datum datum : data) {
            texts.add(text(datum));
        }
        return texts;
    }

    private void join(String open, List<String> texts, String between, String close) {
        out.append(open).append(String.join(between, texts)).append(close);
    }

    /** A text in EDN's quotes. */
    static void quote(String text, StringBuilder to) {
        int unpaired = Unicode.unpairedSurrogate(text, 0);
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    boolean isHalf = i == unpaired;
                    unpaired = isHalf ? Unicode.unpairedSurrogate(text, i + 1) : unpaired;
                    if (isHalf || Character.isISOControl(c)) {
                        to.append(escape(c));
                    } else {
                        to.append(c);
                    }
                }
            }
        }
        to.append('"');
    }

    /** As {@code \\u001b}, so that no terminal interprets it, and an unpaired surrogate can be written. */
    static String escape(int c) {
        return String.format("\\u%04x", c);
    }
}
