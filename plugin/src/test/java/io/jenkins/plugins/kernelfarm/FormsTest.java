package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Descriptor;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.verb.POST;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A form with a slip in it is found by Jenkins only when somebody opens the page; here the build finds it. */
class FormsTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final Pattern ANSWER = Pattern.compile("doCheck(.+)|doFill(.+)Items");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(instance|it|descriptor)\\.([A-Za-z]+)\\b(?!\\.)");

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
            Method getter = getter(classOf(form), field);

            if (getter.getDeclaringClass() == classOf(form)) { // Jenkins has help for its own.
                assertThat(helpPlaces(form))
                        .as("help of %s of %s", field, form)
                        .anyMatch(place -> Files.isRegularFile(place.resolve("help-" + field + ".html")));
            }
        }
    }

    /** A form and the others that share fields with it by a tag of ours: one of them has the help, and the others refer to it. */
    private static List<Path> helpPlaces(Path form) throws Exception {
        List<Path> places = new ArrayList<>(List.of(form.getParent()));
        Set<Path> shared = tagsIn(form);
        for (Path other : forms().toList()) {
            if (!Collections.disjoint(shared, tagsIn(other))) {
                places.add(other.getParent());
            }
        }
        return places;
    }

    private static Method getter(Class<?> type, String field) {
        String name = Character.toUpperCase(field.charAt(0)) + field.substring(1);
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getParameterCount() == 0)
                .filter(method -> method.getName().equals("get" + name)
                        || method.getName().equals("is" + name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no getter for the field " + field));
    }

    /** A field that is chosen from a list needs somebody to fill it, and answers must not come to a GET. */
    @ParameterizedTest
    @MethodSource("forms")
    void everyListIsFilledAndEveryAnswerIsToAPost(Path form) throws Exception {
        Class<?> type = classOf(form);
        // What is set once for all of Jenkins describes itself.
        Class<?> descriptor =
                Descriptor.class.isAssignableFrom(type) ? type : PluginClasses.load(type.getName() + "$DescriptorImpl");
        Set<String> fields = fieldsOf(form);
        for (Method method : ours(descriptor)) {
            Matcher name = ANSWER.matcher(method.getName());
            if (name.matches()) {
                String field = name.group(1) == null ? name.group(2) : name.group(1);
                assertThat(fields).contains(Character.toLowerCase(field.charAt(0)) + field.substring(1));
                assertThat(method.isAnnotationPresent(POST.class))
                        .as("@POST of %s", method)
                        .isTrue();
            }
        }
        for (Element select : elements(form, "select")) {
            String field = ((Element) select.getParentNode()).getAttribute("field");
            String filler = "doFill" + Character.toUpperCase(field.charAt(0)) + field.substring(1) + "Items";
            assertThat(ours(descriptor)).as("fills %s", field).anyMatch(method -> method.getName()
                    .equals(filler));
        }
    }

    /** Its public methods and those that it has from interfaces of the plugin. */
    private static List<Method> ours(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getName().startsWith("io.jenkins.plugins.kernelfarm."))
                .toList();
    }

    /** {@code ${instance.x}} and {@code ${it.x}} name what there is. */
    @ParameterizedTest
    @MethodSource("jellyFiles")
    void expressionsNameExistingProperties(Path file) throws Exception {
        Matcher expression = EXPRESSION.matcher(Files.readString(file));
        while (expression.find()) {
            Class<?> type = classOf(file);
            String property = expression.group(2);
            assertThat(Arrays.stream(type.getMethods()).map(Method::getName))
                    .as("%s of %s", expression.group(), file)
                    .containsAnyOf(
                            property,
                            "get" + Character.toUpperCase(property.charAt(0)) + property.substring(1),
                            "is" + Character.toUpperCase(property.charAt(0)) + property.substring(1));
        }
    }

    @ParameterizedTest
    @MethodSource("helpFiles")
    void helpIsWellFormedAndBelongsToAField(Path help) throws Exception {
        parse(help.toUri().toString(), Files.readString(help).replaceAll("&[lr]dquo;", "\""));
        String name = help.getFileName().toString();
        if (!name.equals("help.html")) {
            String field = name.substring("help-".length(), name.length() - ".html".length());
            Path form = help.resolveSibling("config.jelly");
            assertThat(fieldsOf(form)).contains(field);
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
        for (Element element : elements(form, "*")) {
            if (element.hasAttribute("field")) {
                fields.add(element.getAttribute("field"));
            }
        }
        return fields;
    }

    /** The elements of a form, and of our own tags in it. */
    private static List<Element> elements(Path form, String name) throws Exception {
        List<Element> found = new ArrayList<>();
        List<Path> files = new ArrayList<>(tagsIn(form));
        files.add(form);
        for (Path file : files) {
            NodeList elements = parse(file).getElementsByTagNameNS("*", name);
            for (int i = 0; i < elements.getLength(); i++) {
                found.add((Element) elements.item(i));
            }
        }
        return found;
    }

    /** The files of those tags in a form that are the plugin's own. */
    private static Set<Path> tagsIn(Path form) throws Exception {
        Set<Path> tags = new TreeSet<>();
        NodeList elements = parse(form).getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            String library = elements.item(i).getNamespaceURI();
            if (library != null && library.startsWith("/lib/kernelfarm")) {
                tags.add(RESOURCES
                        .resolve(library.substring(1))
                        .resolve(elements.item(i).getLocalName() + ".jelly"));
            }
        }
        assertThat(tags).allMatch(Files::isRegularFile);
        return tags;
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
