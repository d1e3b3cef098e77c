package io.orrery.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

class PomTest {
    private static Element pom;

    @BeforeAll
    static void read() throws Exception {
        pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile())
                .getDocumentElement();
    }

    /** Which one runs where none is given depends on the version of Maven. */
    @Test
    void eachPluginHasItsVersionAndSoHaveThoseThatMavenRunsByItself() {
        List<String> names = new ArrayList<>();
        for (Element plugin : all(pom, "plugin")) {
            String name = text(plugin, "artifactId");
            assertTrue(text(plugin, "version").matches("\\d+(\\.\\d+)+"), name);
            names.add(name);
        }
        for (String own : List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site")) {
            assertTrue(names.contains("maven-" + own + "-plugin"), own);
        }
    }

    /** Failsafe looks at skipITs alone. */
    @Test
    void whoSkipsTestsSkipsAllOfThem() {
        Element properties = all(pom, "properties").get(0);
        assertEquals("false", text(properties, "skipTests"));
        assertEquals("${skipTests}", text(properties, "skipITs"));
    }

    /** The plugin for jars writes into a file that is there, under the eyes of a server that runs from it. */
    @Test
    void theJarIsMadeAnewAndNotOverTheOldOne() {
        Element removed = all(pom, "filesets").get(0);
        assertEquals("prepare-package", text((Element) removed.getParentNode().getParentNode(), "phase"));
        assertEquals(
                "${project.build.finalName}.jar", all(removed, "include").get(0).getTextContent());
    }

    private static List<Element> all(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    /** Of a child; empty where there is none. */
    private static String text(Element element, String child) {
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(child)) {
                return node.getTextContent().strip();
            }
        }
        return "";
    }
}
