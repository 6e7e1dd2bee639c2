package io.kernelfarm.bootmatrix.report;

import io.kernelfarm.bootmatrix.Attempt;
import io.kernelfarm.bootmatrix.CellResult;
import io.kernelfarm.bootmatrix.CheckResult;
import io.kernelfarm.bootmatrix.Evidence;
import io.kernelfarm.bootmatrix.MatrixResult;
import io.kernelfarm.bootmatrix.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * {@code junit.xml}: the matrix as the test report that CI servers read. The format is the one of Ant's JUnit task with
 * the properties of a test case added, as Jenkins' junit plugin reads it: of a skipped case it shows the {@code message}
 * attribute alone; of a failure or an error the message and the body.
 *
 * <p>A matrix is a test suite and a cell is a test case, whose class is the kernel's release. FAIL is a failure, ERROR an
 * error, MISS and SKIP are skipped.
 */
public final class JunitXml {

    public static final String FILE_NAME = "junit.xml";

    private JunitXml() {}

    /** The text of {@code junit.xml}. */
    public static String toXml(MatrixResult result) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            suite(xml, result);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to memory failed", e);
        }
        return text.append('\n').toString();
    }

    /** Writes {@code junit.xml} as {@code file}, whole or not at all. */
    public static void write(MatrixResult result, Path file) throws IOException {
        AtomicFile.write(file.toAbsolutePath(), toXml(result));
    }

    private static void suite(XMLStreamWriter xml, MatrixResult result) throws XMLStreamException {
        line(xml, 0);
        xml.writeStartElement("testsuite");
        attribute(xml, "name", "boot matrix of " + result.kernel().release());
        attribute(xml, "tests", Integer.toString(result.cells().size()));
        attribute(xml, "failures", count(result, Verdict.FAIL));
        attribute(xml, "errors", count(result, Verdict.ERROR));
        attribute(xml, "skipped", count(result, Verdict.MISS, Verdict.SKIP));
        attribute(xml, "time", Wording.tenths(result.seconds()));
        attribute(
                xml,
                "timestamp",
                result.started().truncatedTo(ChronoUnit.SECONDS).toString());
        line(xml, 1);
        xml.writeStartElement("properties");
        property(xml, 2, "kernel", result.kernel().release());
        property(xml, 2, "image_sha256", result.kernel().imageSha256());
        property(xml, 2, "source", result.kernel().source());
        property(xml, 2, "control", result.control());
        property(xml, 2, "emulator", result.emulator());
        line(xml, 1);
        xml.writeEndElement();
        for (CellResult cell : result.cells()) {
            testCase(xml, result, cell);
        }
        line(xml, 0);
        xml.writeEndElement();
    }

    private static void testCase(XMLStreamWriter xml, MatrixResult result, CellResult cell) throws XMLStreamException {
        line(xml, 1);
        xml.writeStartElement("testcase");
        attribute(xml, "classname", result.kernel().release());
        attribute(xml, "name", cell.cell().id());
        attribute(xml, "time", Wording.tenths(cell.seconds()));
        line(xml, 2);
        xml.writeStartElement("properties");
        property(xml, 3, "verdict", cell.verdict().name());
        property(xml, 3, "flaky", Boolean.toString(cell.flaky()));
        property(xml, 3, "required", Boolean.toString(cell.cell().required()));
        property(xml, 3, "image_sha256", cell.imageSha256());
        property(xml, 3, "console", cell.console());
        line(xml, 2);
        xml.writeEndElement();
        switch (cell.verdict()) {
            case FAIL -> fault(xml, "failure", cell);
            case ERROR -> fault(xml, "error", cell);
            case MISS, SKIP -> {
                line(xml, 2);
                xml.writeEmptyElement("skipped");
                attribute(xml, "message", cell.verdict() + ": " + cell.reason());
            }
            case PASS -> {
                line(xml, 2);
                xml.writeStartElement("system-out");
                xml.writeCharacters(body(cell));
                xml.writeEndElement();
            }
        }
        line(xml, 1);
        xml.writeEndElement();
    }

    private static void fault(XMLStreamWriter xml, String element, CellResult cell) throws XMLStreamException {
        line(xml, 2);
        xml.writeStartElement(element);
        attribute(xml, "type", cell.verdict().name());
        attribute(xml, "message", cell.reason());
        xml.writeCharacters(body(cell));
        xml.writeEndElement();
    }

    /** What a person needs who sees nothing but this report: verdict, checks, evidence, attempts, console. */
    private static String body(CellResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(Wording.asked(result.cell()));
        lines.add(Wording.verdict(result));
        for (CheckResult check : result.checks()) {
            lines.add(check.verdict() + " " + check.name() + ", " + Wording.tenths(check.seconds()) + " s"
                    + (check.reason().isEmpty() ? "" : ": " + check.reason()));
            for (Evidence evidence : check.evidence()) {
                lines.add("  " + (evidence.line() > 0 ? "line " + evidence.line() + ": " : "") + evidence.text());
            }
        }
        int number = 0;
        for (Attempt attempt : result.attempts()) {
            lines.add("attempt " + ++number + " (" + attempt.kernel() + "): " + attempt.verdict() + ", "
                    + Wording.tenths(attempt.seconds()) + " s"
                    + (attempt.lastState().isEmpty() ? "" : ", reached " + attempt.lastState())
                    + (attempt.console().isEmpty() ? "" : ", " + attempt.console())
                    + (attempt.reason().isEmpty() ? "" : ": " + attempt.reason()));
        }
        return lines.stream().map(ConsoleText::harmless).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static String count(MatrixResult result, Verdict... verdicts) {
        List<Verdict> counted = List.of(verdicts);
        return Long.toString(result.cells().stream()
                .filter(cell -> counted.contains(cell.verdict()))
                .count());
    }

    private static void property(XMLStreamWriter xml, int depth, String name, String value) throws XMLStreamException {
        line(xml, depth);
        xml.writeEmptyElement("property");
        attribute(xml, "name", name);
        attribute(xml, "value", value);
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, ConsoleText.harmless(value));
    }

    private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
