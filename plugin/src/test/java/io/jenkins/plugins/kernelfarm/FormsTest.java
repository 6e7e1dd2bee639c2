package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A form with a slip in it is found by Jenkins only when somebody opens the page; here the build finds it. */
class FormsTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources");

    static Stream<Path> jellyFiles() throws IOException {
        return files(".jelly");
    }

    static Stream<Path> forms() throws IOException {
        return files("config.jelly");
    }

    static Stream<Path> helpFiles() throws IOException {
        return files(".html");
    }

    @ParameterizedTest
    @MethodSource("jellyFiles")
    void jellyIsXmlThatEscapesWhatItPrints(Path file) throws Exception {
        Document document = parse(file);

        assertThat(document.getFirstChild().getNodeName()).isEqualTo("jelly");
        assertThat(document.getFirstChild().getNodeValue()).isEqualTo("escape-by-default='true'");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void formAndClassHaveTheSameFields(Path form) throws Exception {
        assertThat(fieldsOf(form)).isNotEmpty().isEqualTo(boundPropertiesOf(classOf(form)));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void everyFieldHasHelpAndAGetter(Path form) throws Exception {
        for (String field : fieldsOf(form)) {
            String getter = "get" + Character.toUpperCase(field.charAt(0)) + field.substring(1);

            assertThat(form.resolveSibling("help-" + field + ".html")).isRegularFile();
            assertThatCode(() -> classOf(form).getMethod(getter)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("helpFiles")
    void helpIsWellFormedAndBelongsToAField(Path help) throws Exception {
        parse(help.toUri().toString(), Files.readString(help).replaceAll("&[lr]dquo;", "\""));
        String name = help.getFileName().toString();
        if (!name.equals("help.html")) {
            String field = name.substring("help-".length(), name.length() - ".html".length());
            assertThat(fieldsOf(help.resolveSibling("config.jelly"))).contains(field);
        }
    }

    private static Stream<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList().stream();
        }
    }

    /** The class whose form lies in the folder of its name. */
    private static Class<?> classOf(Path form) {
        return PluginClasses.load(
                RESOURCES.relativize(form.getParent()).toString().replace('/', '.'));
    }

    private static Set<String> fieldsOf(Path form) throws Exception {
        Set<String> fields = new TreeSet<>();
        NodeList elements = parse(form).getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            if (elements.item(i) instanceof Element element && element.hasAttribute("field")) {
                fields.add(element.getAttribute("field"));
            }
        }
        return fields;
    }

    /** What Stapler binds: the parameters of the one marked constructor, and the marked setters. */
    private static Set<String> boundPropertiesOf(Class<?> type) {
        Set<String> properties = new TreeSet<>();
        for (Constructor<?> constructor : type.getConstructors()) {
            if (constructor.isAnnotationPresent(DataBoundConstructor.class)) {
                for (Parameter parameter : constructor.getParameters()) {
                    // Stapler reads the names from the class file.
                    assertThat(parameter.isNamePresent()).isTrue();
                    properties.add(parameter.getName());
                }
            }
        }
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class)) {
                String name = method.getName().substring("set".length());
                properties.add(Character.toLowerCase(name.charAt(0)) + name.substring(1));
            }
        }
        return properties;
    }

    private static Document parse(Path file) throws Exception {
        return parse(file.toUri().toString(), Files.readString(file));
    }

    private static Document parse(String id, String text) throws ParserConfigurationException, IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        try {
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
        } catch (SAXException e) {
            throw new AssertionError(id + " is not XML: " + e.getMessage(), e);
        }
    }
}
