package io.kernelfarm.bootmatrix.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class JunitXmlTest {

    @Test
    void looksAsExpected() throws IOException {
        Golden.assertMatches("troubled.junit.xml", JunitXml.toXml(Samples.troubled()));
    }

    @Test
    void countsWhatItHolds() throws Exception {
        Element suite = parse(JunitXml.toXml(Samples.troubled()));
        for (String[] count : new String[][] {
            {"tests", "testcase"}, {"failures", "failure"}, {"errors", "error"}, {"skipped", "skipped"}
        }) {
            assertThat(suite.getAttribute(count[0]))
                    .as(count[0])
                    .isEqualTo(Integer.toString(
                            suite.getElementsByTagName(count[1]).getLength()));
        }
    }

    @Test
    void givesJenkinsAMessageForEachCaseThatDidNotPass() throws Exception {
        Element suite = parse(JunitXml.toXml(Samples.troubled()));
        for (String element : new String[] {"failure", "error", "skipped"}) {
            var found = suite.getElementsByTagName(element);
            assertThat(found.getLength()).as(element).isPositive();
            IntStream.range(0, found.getLength())
                    .mapToObj(i -> (Element) found.item(i))
                    .forEach(e -> assertThat(e.getAttribute("message")).isNotBlank());
        }
    }

    @Test
    void hostileTextStaysText() throws Exception {
        String xml = JunitXml.toXml(Samples.hostile());
        assertThat(xml.chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
        Element suite = parse(xml);
        assertThat(suite.getElementsByTagName("script").getLength()).isZero();
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getTextContent()).contains("<script>alert(1)</script> red ", "]]>");
    }

    private static Element parse(String xml) throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();
    }
}
