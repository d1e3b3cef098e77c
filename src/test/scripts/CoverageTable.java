import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Prints the line and branch coverage of packages out of JaCoCo's report, and what was not reached. Preconditions and
 * invariants are not counted: statements that call {@code Invariant.check}
 * or {@code Preconditions.require}.
 */
class CoverageTable {
    private static final Set<String> CHECKS = Set.of("Invariant.check(", "Preconditions.require(");
    private static final Set<String> OF_CHECKS = Set.of("Invariant.java", "BrokenInvariant.java");

    private final Map<String, int[]> packages = new TreeMap<>();
    private final List<String> missed = new ArrayList<>();
    private final Path sources;

    private CoverageTable(Path sources) {
        this.sources = sources;
    }

    /** @param arguments JaCoCo's report as XML, and the folder of the sources */
    public static void main(String[] arguments) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        CoverageTable table = new CoverageTable(Path.of(arguments[1]));
        table.read(factory.newDocumentBuilder()
                .parse(Path.of(arguments[0]).toFile())
                .getDocumentElement());
        table.print();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private void read(Element report) throws IOException {
        for (Element part : children(report, "package")) {
            String name = part.getAttribute("name");
            for (Element file : children(part, "sourcefile")) {
                if (!OF_CHECKS.contains(file.getAttribute("name"))) {
                    read(name, file);
                }
            }
        }
    }

    private void read(String part, Element file) throws IOException {
        List<String> text = Files.readAllLines(sources.resolve(part).resolve(file.getAttribute("name")));
        Set<Integer> checks = checks(text);
        int[] counts = packages.computeIfAbsent(part.replace('/', '.'), any -> new int[4]);
        for (Element line : children(file, "line")) {
            int number = number(line, "nr");
            if (checks.contains(number)) {
                continue;
            }
            boolean reached = number(line, "ci") > 0;
            int missedBranches = number(line, "mb");
            int branches = missedBranches + number(line, "cb");
            counts[0] += reached ? 1 : 0;
            counts[1]++;
            counts[2] += branches - missedBranches;
            counts[3] += branches;
            if (!reached || missedBranches > 0) {
                missed.add("%s:%d %s: %s"
                        .formatted(
                                file.getAttribute("name"),
                                number,
                                reached ? missedBranches + " of " + branches + " branches" : "line",
                                text.get(number - 1).strip()));
            }
        }
    }

    /** The lines of all statements that check. */
    private static Set<Integer> checks(List<String> text) {
        Set<Integer> lines = new HashSet<>();
        boolean inside = false;
        for (int i = 0; i < text.size(); i++) {
            inside |= CHECKS.stream().anyMatch(text.get(i)::contains);
            if (inside) {
                lines.add(i + 1);
                inside = !text.get(i).endsWith(";");
            }
        }
        return lines;
    }

    private static int number(Element line, String attribute) {
        return Integer.parseInt(line.getAttribute(attribute));
    }

    private void print() {
        System.out.printf("%-36s %14s %14s%n", "package", "lines", "branches");
        packages.forEach((name, counts) -> System.out.printf(
                "%-36s %14s %14s%n", name, share(counts[0], counts[1]), share(counts[2], counts[3])));
        System.out.println("\nnot reached:");
        missed.forEach(System.out::println);
    }

    private static String share(int part, int all) {
        return all == 0 ? "" : String.format(Locale.ROOT, "%d/%d %.1f%%", part, all, 100.0 * part / all);
    }
}
