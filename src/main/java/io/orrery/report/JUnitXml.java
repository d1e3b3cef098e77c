package io.orrery.report;

import io.orrery.check.Model;
import io.orrery.check.Verdict;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Verdicts as a JUnit XML report for continuous integration: a suite per history, a case per model. A violated model is
 * a failure; an undecided model or a malformed history is an error. Each suite is written when it is added.
 */
public final class JUnitXml implements AutoCloseable {
    private final Path file;
    private final OutputStream stream;
    private final XMLStreamWriter out;

    /** @throws IOException if the file cannot be written */
    public JUnitXml(Path file) throws IOException {
        this.file = file;
        this.stream = new BufferedOutputStream(Files.newOutputStream(file));
        try {
            out = XMLOutputFactory.newFactory().createXMLStreamWriter(stream, StandardCharsets.UTF_8.name());
        } catch (XMLStreamException e) {
            stream.close();
            throw failure(e);
        }
        write(() -> {
            out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            line();
            out.writeStartElement("testsuites");
            line();
        });
    }

    /** Writes a part of the document. */
    private interface Part {
        void write() throws XMLStreamException;
    }

    private void write(Part part) throws IOException {
        try {
            part.write();
        } catch (XMLStreamException e) {
            throw failure(e);
        }
    }

    private IOException failure(XMLStreamException e) {
        return e.getNestedException() instanceof IOException cause
                ? cause
                : new IOException(file + ": " + e.getMessage(), e);
    }

    /** Adds a judged history. */
    public void add(String history, Map<Model, Verdict> verdicts, Duration took) throws IOException {
        long failures = verdicts.values().stream()
                .filter(Verdict.Violated.class::isInstance)
                .count();
        long errors = verdicts.values().stream()
                .filter(Verdict.Undecided.class::isInstance)
                .count();
        write(() -> {
            begin(history, verdicts.size(), failures, errors, took);
            for (Map.Entry<Model, Verdict> entry : verdicts.entrySet()) {
                String name = entry.getKey().id();
                if (entry.getValue() instanceof Verdict.Violated violated) {
                    String why = violated.witness().pattern() + ": "
                            + violated.witness().explanation();
                    wrong(history, name, "failure", why, String.join("\n", VerdictText.reasons(violated)));
                } else if (entry.getValue() instanceof Verdict.Undecided undecided) {
                    wrong(history, name, "error", "undecided: " + undecided.reason(), "");
                } else {
                    out.writeEmptyElement("testcase");
                    attributes(history, name);
                    line();
                }
            }
            end();
        });
    }

    /** Adds a history that could not be read. */
    public void refused(String history, String problem) throws IOException {
        write(() -> {
            begin(history, 1, 0, 1, Duration.ZERO);
            wrong(history, "read", "error", problem, "");
            end();
        });
    }

    private void begin(String history, int tests, long failures, long errors, Duration took) throws XMLStreamException {
        out.writeStartElement("testsuite");
        attribute("name", history);
        attribute("tests", String.valueOf(tests));
        attribute("failures", String.valueOf(failures));
        attribute("errors", String.valueOf(errors));
        attribute("time", String.format(Locale.ROOT, "%.3f", took.toNanos() / 1e9));
        line();
    }

    private void end() throws XMLStreamException {
        out.writeEndElement();
        line();
        out.flush();
    }

    private void wrong(String history, String name, String kind, String message, String text)
            throws XMLStreamException {
        out.writeStartElement("testcase");
        attributes(history, name);
        out.writeStartElement(kind);
        attribute("message", message);
        out.writeCharacters(printable(text));
        out.writeEndElement();
        out.writeEndElement();
        line();
    }

    private void attributes(String history, String name) throws XMLStreamException {
        attribute("classname", history);
        attribute("name", name);
    }

    private void attribute(String name, String value) throws XMLStreamException {
        out.writeAttribute(name, printable(value));
    }

    private void line() throws XMLStreamException {
        out.writeCharacters("\n");
    }

    /** XML cannot represent most control characters or unpaired surrogates. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean isXml =
                    c == '\t' || c == '\n' || c >= ' ' && c < 0xD800 || c > 0xDFFF && c != 0xFFFE && c != 0xFFFF;
            if (isXml) {
                printable.appendCodePoint(c);
            } else {
                printable.append(String.format("\\u%04x", c));
            }
        });
        return printable.toString();
    }

    @Override
    public void close() throws IOException {
        write(() -> {
            out.writeEndDocument();
            line();
            out.close();
        });
        stream.close();
    }
}
