package io.orrery.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonReadingTest {
    private static final String[] PARTS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "a",
        "NaN",
        "Infinity",
        "-Infinity",
        "+",
        "-",
        ".",
        "5",
        "0",
        "007",
        "1.",
        ".5",
        "+1",
        "1e",
        "/",
        "//",
        "/* */",
        "#",
        "\\",
        "\\q",
        "\\u12",
        "\u0001",
        "\u001e",
        "\t",
        " ",
        "true",
        "nul",
        "\"a\"",
        "\"a\":1",
        "\u00e9",
        "<",
        "`",
        "0x1"
    };

    /** What could be switched on in a library is of no use to who sends a text. */
    @Test
    void anErrorSpeaksOfTheTextAndNotOfALibrary() {
        Random random = new Random(1);
        List<String> texts =
                new ArrayList<>(List.of("[".repeat(2_000), "{\"a\":".repeat(2_000), "1 2", "", "{\"a\":1,\"a\":2}"));
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int parts = 1 + random.nextInt(5); parts > 0; parts--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            texts.add(text.toString());
        }
        int wrong = 0;
        for (String text : texts) {
            try {
                Value.parse(text);
            } catch (IllegalArgumentException e) {
                wrong++;
                String message = e.getMessage().replace(text, "");
                assertFalse(
                        message.matches(
                                "(?s).*(`[A-Za-z]|Feature|ALLOW_|Constraints|[Jj]ackson|JsonParser|enabl|Source:).*"),
                        () -> text + " -> " + e.getMessage());
            }
        }
        assertTrue(wrong > 10_000, wrong + " were wrong");
    }
}
