package io.orrery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.orrery.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {
    @Test
    void aValueIsKeptAsItIsWritten() {
        Document document = Document.parse(
                "{\"value\": {\"a\": [1.10, \"\\u00e9\"]} , \"status\": \"applied\", \"data\": [{\"value\":\"x\"}]}");
        assertEquals("{\"a\": [1.10, \"\\u00e9\"]}", document.text("value"));
        assertEquals("applied", document.text("status"));
        assertEquals("\"x\"", document.objects("data").get(0).text("value"));
    }

    @Test
    void whatAStoreTakesCanBeReadBack() {
        for (String value : List.of(
                "9".repeat(2_000), "\"" + "x".repeat(21_000_000) + "\"", "[".repeat(1_000) + "]".repeat(1_000))) {
            Value taken = Value.parse(value);
            assertEquals(value, Document.parse("{\"value\":" + taken + "}").text("value"));
            Document all = Document.parse("{\"data\":[{\"value\":" + taken + "}]}");
            assertEquals(value, all.objects("data").get(0).text("value"));
        }
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : List.of("", "[]", "{\"a\":", "<html>")) {
            assertThrows(IllegalArgumentException.class, () -> Document.parse(text));
        }
    }
}
