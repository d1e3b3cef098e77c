package io.orrery.report.diagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Rectangle2D;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgDiagramTest {
    /** How wide a letter is on average, in its size: in usual sans-serif fonts about a half. */
    private static final double LETTER = 0.5;

    /** All but those of generated load, which take long; they are looked at in the browser. */
    static List<String> scenarios() throws IOException {
        return Drawn.all().stream().filter(name -> !name.endsWith("-load")).toList();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private record Text(String text, Rectangle2D box) {}

    private static List<Text> texts(Document svg) {
        List<Text> texts = new ArrayList<>();
        for (Element it : elements(svg, "text")) {
            String text = it.getTextContent();
            double size = Double.parseDouble(it.getAttribute("font-size"));
            double x = Double.parseDouble(it.getAttribute("x"));
            double y = Double.parseDouble(it.getAttribute("y"));
            double width = LETTER * size * text.codePointCount(0, text.length());
            texts.add(new Text(text, new Rectangle2D.Double(x, y - 0.75 * size, width, size)));
        }
        return texts;
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList all = svg.getElementsByTagName(name);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .toList();
    }

    private static long count(Document svg, String name, String type) {
        return elements(svg, name).stream()
                .filter(it -> it.getAttribute("class").equals(type))
                .count();
    }

    private static void assertLegible(Document svg) {
        List<Text> texts = texts(svg);
        Element root = svg.getDocumentElement();
        Rectangle2D page = new Rectangle2D.Double(
                0, 0, Double.parseDouble(root.getAttribute("width")), Double.parseDouble(root.getAttribute("height")));
        for (int i = 0; i < texts.size(); i++) {
            assertTrue(page.contains(texts.get(i).box()), texts.get(i) + " is not on the page");
            for (int j = 0; j < i; j++) {
                boolean overlap = texts.get(i).box().intersects(texts.get(j).box());
                assertFalse(overlap, texts.get(i) + " lies upon " + texts.get(j));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aScenarioIsDrawnAndNoLabelLiesUponAnother(String name) throws Exception {
        Drawn drawn = Drawn.file(name);
        String svg = SvgDiagram.of(drawn.diagram());
        Document parsed = parse(svg);
        assertLegible(parsed);
        if (!svg.contains("this is a part of the run")) {
            assertEquals(drawn.diagram().messages().size(), count(parsed, "g", "transfer"));
            assertEquals(drawn.diagram().operations().size(), count(parsed, "g", "operation"));
            assertEquals(drawn.diagram().waits().size(), count(parsed, "g", "held-back"));
        }
    }

    @Test
    void ofALongRunAPartIsDrawnThatShowsTheWitnessAndSaysWhatIsNotShown() throws Exception {
        Drawn drawn = Drawn.file("lamport-load");
        String svg = SvgDiagram.of(drawn.diagram());
        Document parsed = parse(svg);
        assertLegible(parsed);
        assertTrue(count(parsed, "rect", "witness") > 0);
        long messages = drawn.diagram().messages().size() - count(parsed, "g", "transfer");
        long operations = drawn.diagram().operations().size() - count(parsed, "g", "operation");
        String notShown = "not shown are " + messages + " more messages and " + operations + " more operations";
        String words = String.join(" ", texts(parsed).stream().map(Text::text).toList());
        assertTrue(words.contains(notShown), words);
    }

    /** Each replica that does not hold what the others hold says so where the run ends. */
    @Test
    void whatReplicasHoldThatDidNotConvergeIsWrittenAtTheEnd() throws Exception {
        Document parsed =
                parse(SvgDiagram.of(Drawn.file("models/converged-forbids").diagram()));
        assertEquals(2, count(parsed, "g", "ending"));
        List<String> texts = texts(parsed).stream().map(Text::text).toList();
        assertTrue(texts.containsAll(List.of("a", "x = 1 at 1@A", "b", "x = 2 at 1@B")), texts.toString());
        String words = String.join(" ", texts);
        assertTrue(words.contains("Why not converged (the lettered replicas, at the end): Diverged: "), words);
        assertTrue(words.contains("Why not linearizable (the numbered operations): "), words);
    }

    @Test
    void theOperationsOfAWitnessAreLinkedAndTheOtherViolatedModelsNamed() throws Exception {
        Diagram diagram = Drawn.file("models/causal-cm-forbids").diagram();
        Document parsed = parse(SvgDiagram.of(diagram));
        long numbered = count(parsed, "rect", "witness");
        assertTrue(numbered > 1);
        assertEquals(numbered - 1, count(parsed, "path", "link"));
        List<String> others = diagram.findings().stream()
                .filter(it -> it.verdict().equals("violated") && !it.model().equals("causal-cm"))
                .map(Diagram.Finding::model)
                .toList();
        assertFalse(others.isEmpty());
        List<String> texts = texts(parsed).stream().map(Text::text).toList();
        assertTrue(texts.contains("Violated too: " + String.join(", ", others) + "."), texts.toString());
    }

    /** With colour or without: who led is written on the bands, and told by their texts. */
    @Test
    void whoLedAndWhoWantedToIsSeenOnTheLinesAndInTheWholeRun() throws Exception {
        Diagram diagram = Drawn.file("raft-election").diagram();
        List<String> leaders = diagram.reigns().stream()
                .filter(Diagram.Reign::leads)
                .map(it -> diagram.lanes().get(it.lane()).name() + " " + it.text())
                .toList();
        assertEquals(List.of("A leader in term 1", "B leader in term 2"), leaders);
        assertTrue(diagram.reigns().get(2).ended().isPresent(), "that of A ends when it crashes");
        Document parsed = parse(SvgDiagram.of(diagram));
        List<String> told =
                elements(parsed, "title").stream().map(Element::getTextContent).toList();
        assertTrue(told.contains("A is leader in term 1"), told.toString());
        assertTrue(told.stream().anyMatch(it -> it.startsWith("B is leader in term 2, from 0.858")), told.toString());
        assertTrue(told.stream().anyMatch(it -> it.startsWith("E is pre-candidate in term 1, from 0.662")));
        List<String> texts = texts(parsed).stream().map(Text::text).toList();
        assertTrue(
                texts.containsAll(List.of("leads, term 1", "term 1", "term 2", "stands for election")),
                texts.toString());
    }

    @Test
    void aProtocolWithoutRolesHasNoBands() {
        String svg = SvgDiagram.of(Drawn.file("lamport-partition").diagram());
        assertFalse(svg.contains("reign") || svg.contains("Who led"));
    }

    @Test
    void lostMessagesHaveACross() throws Exception {
        Drawn drawn = Drawn.file("lamport-partition");
        long lost = drawn.diagram().messages().stream()
                .filter(it -> it.fate() == Diagram.Fate.LOST)
                .count();
        assertTrue(lost > 0);
        // And one in the legend.
        assertEquals(lost + 1, count(parse(SvgDiagram.of(drawn.diagram())), "path", "cross"));
    }

    @Test
    void namesAndValuesOfAllSortsAreEscaped() throws Exception {
        Drawn drawn = Drawn.text("""
                title    = "a < b & \\"c\\" ]]> \\u0001"
                protocol = lamport-lww
                replicas = [A, B]
                steps    = [{ at = 0s, via = A, client = "</svg>", put = { key = "<k>", value = "</text><script>" } }]
                expect   { converged = true }
                """);
        List<String> texts = texts(parse(SvgDiagram.of(drawn.diagram()))).stream()
                .map(Text::text)
                .toList();
        assertTrue(texts.contains("a < b & \"c\" ]]> \\u0001"), texts.toString());
        assertTrue(texts.contains("</svg>"), texts.toString());
    }

    @Test
    void theSameSeedGivesTheSamePictureToTheByte() {
        assertEquals(
                SvgDiagram.of(Drawn.file("vector-partition").diagram()),
                SvgDiagram.of(Drawn.file("vector-partition").diagram()));
    }

    @Test
    void thePictureOfTheReadmeIsWhatItsCommandDraws() throws IOException {
        Path picture = Path.of("src/site/resources/images/lost-ring.svg");
        assertTrue(Files.readString(Path.of("README.md")).contains("--svg " + picture), "the README names the command");
        assertEquals(
                Files.readString(picture),
                SvgDiagram.of(Drawn.file("cops-lost-ring").diagram()),
                "draw it again: the README says how");
    }
}
