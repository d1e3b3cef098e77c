package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    private static JsonNode data(String page) throws Exception {
        Matcher data = DATA.matcher(page);
        assertTrue(data.find());
        return new ObjectMapper().readTree(data.group(1));
    }

    @Test
    void thePageHoldsTheWholeRun() throws Exception {
        Drawn drawn = Drawn.file("lamport-outage");
        Diagram diagram = drawn.diagram();
        JsonNode data = data(ReportPage.of(diagram));
        assertEquals(diagram.head().title(), data.at("/head/title").textValue());
        assertRows(diagram.moments().size(), data, "moments");
        assertRows(diagram.messages().size(), data, "messages");
        assertRows(diagram.operations().size(), data, "operations");
        assertRows(diagram.outages().size(), data, "outages");
        assertRows(diagram.disturbances().size(), data, "disturbances");
        assertRows(diagram.lanes().size(), data, "lanes");
        assertEquals(diagram.findings().size(), data.get("findings").size());
        int columns = data.at("/columns/rows").size();
        for (JsonNode row : data.at("/moments/rows")) {
            assertTrue(row.get(0).intValue() < columns);
        }
    }

    private static void assertRows(int size, JsonNode data, String table) {
        JsonNode rows = data.get(table).get("rows");
        assertEquals(size, rows.size(), table);
        for (JsonNode row : rows) {
            assertEquals(data.get(table).get("fields").size(), row.size(), table);
        }
    }

    @Test
    void thePageNeedsNoNetworkAndNoOtherFile() {
        String page = ReportPage.of(Drawn.file("cops-lost-ring").diagram());
        assertFalse(page.contains("http:") || page.contains("https:"), "an address");
        assertFalse(Pattern.compile("\\b(src|href)=|url\\(|@import|\\{\\{")
                .matcher(page)
                .find());
    }

    @Test
    void noTextOfAScenarioEndsTheDataOrTakesThePlaceOfAnything() throws Exception {
        String value = "</script><script>alert(1)</script><!-- {{script}} {{style}}";
        Drawn drawn = Drawn.text("""
                title    = "</title><b>bold</b> {{data}}"
                protocol = lamport-lww
                replicas = [A, B]
                steps    = [{ at = 0s, via = A, put = { key = x, value = "%s" } }]
                expect   { converged = true }
                """.formatted(value));
        String page = ReportPage.of(drawn.diagram());
        assertFalse(page.contains("alert(1)</script>"));
        assertFalse(page.contains("<b>"));
        assertTrue(data(page).toString().contains("{{script}} {{style}}"));
        assertEquals(
                drawn.diagram().head().title(), data(page).at("/head/title").textValue());
    }

    @Test
    void theSameSeedGivesTheSamePageToTheByte() {
        assertEquals(
                ReportPage.of(Drawn.file("quorum-stale-read").diagram()),
                ReportPage.of(Drawn.file("quorum-stale-read").diagram()));
    }
}
