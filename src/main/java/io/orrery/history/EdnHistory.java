package io.orrery.history;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;

/** Reads Jepsen's histories: maps with {@code :process :type :f :value}, and {@code :time} and {@code :key} where they have them. */
final class EdnHistory {
    private final EdnReader edn;
    private final EventBuilder events;

    EdnHistory(Reader in, String source, EventBuilder events) {
        this.edn = new EdnReader(in, source);
        this.events = events;
    }

    void read() throws IOException {
        try {
            for (Datum element = edn.next(); element != null; element = edn.next()) {
                events.add(fields(element), edn.startLine());
            }
        } catch (CharacterCodingException e) {
            throw edn.malformed(
                    "here, or a little further down, are bytes that are not UTF-8; a history is text in UTF-8");
        }
    }

    private Map<String, Datum> fields(Datum element) {
        Datum untagged = element instanceof Datum.Tagged tagged ? tagged.datum() : element;
        if (!(untagged instanceof Datum.Table table)) {
            throw edn.malformed("a history is maps like {:process 0, :type :invoke, :f :read, :value nil}, not "
                    + Spelling.EDN.of(element));
        }
        Map<String, Datum> fields = new HashMap<>();
        table.entries().forEach((name, value) -> {
            if (name.isKeyword() && EventBuilder.FIELDS.contains(name.word())) {
                fields.put(name.word(), value);
            }
        });
        return fields;
    }
}
