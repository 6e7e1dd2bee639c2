package io.kernelfarm.bootmatrix.dashboard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A page as the browser hands it to a screen reader. */
final class AccessibilityTree {

    private static final List<String> LANDMARKS = List.of("banner", "navigation", "main");

    private final Map<String, Node> nodes = new HashMap<>();
    private final Node root;

    /**
     * One thing that is spoken.
     *
     * @param role for example {@code columnheader}
     * @param level of a heading; 0 of anything else
     * @param live {@code polite} where changes are spoken by themselves; empty elsewhere
     */
    record Node(String role, String name, String description, int level, String live, List<String> children) {}

    private AccessibilityTree(List<?> all) {
        Node first = null;
        for (Object one : all) {
            Map<?, ?> node = (Map<?, ?>) one;
            Node made = new Node(
                    value(node.get("role")),
                    value(node.get("name")),
                    value(node.get("description")),
                    Integer.parseInt("0" + property(node, "level")),
                    property(node, "live"),
                    ((List<?>) node.get("childIds"))
                            .stream().map(Object::toString).toList());
            nodes.put(node.get("nodeId").toString(), made);
            first = first == null ? made : first;
        }
        root = first;
    }

    static AccessibilityTree of(Browser browser) {
        browser.driver().executeCdpCommand("Accessibility.enable", Map.of());
        return new AccessibilityTree((List<?>) browser.driver()
                .executeCdpCommand("Accessibility.getFullAXTree", Map.of())
                .get("nodes"));
    }

    /** In the order in which they are read. */
    List<Node> all(String role) {
        return within(root).filter(node -> node.role().equals(role)).toList();
    }

    List<Node> landmarks() {
        return within(root).filter(node -> LANDMARKS.contains(node.role())).toList();
    }

    /** Whatever speaks when it changes. */
    List<Node> live() {
        return within(root)
                .filter(node -> !node.live().isEmpty() && !node.live().equals("off"))
                .toList();
    }

    /** {@code node} and all that is in it. */
    Stream<Node> within(Node node) {
        return Stream.concat(
                Stream.of(node),
                node.children().stream()
                        .filter(nodes::containsKey)
                        .map(nodes::get)
                        .flatMap(this::within));
    }

    /** The levels of headings that come without the one above them, and other faults of their order. */
    List<String> headingsOutOfOrder() {
        List<String> faults = new ArrayList<>();
        int before = 0;
        for (Node heading : all("heading")) {
            if (heading.level() > before + 1) {
                faults.add(heading.name() + " has level " + heading.level() + " after " + before);
            }
            before = heading.level();
        }
        return faults;
    }

    private static String property(Map<?, ?> node, String name) {
        if (node.get("properties") instanceof List<?> properties) {
            for (Object one : properties) {
                Map<?, ?> property = (Map<?, ?>) one;
                if (name.equals(property.get("name"))) {
                    return value(property.get("value"));
                }
            }
        }
        return "";
    }

    private static String value(Object of) {
        return of instanceof Map<?, ?> map && map.get("value") != null
                ? map.get("value").toString()
                : "";
    }
}
