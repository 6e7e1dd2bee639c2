package io.kernelfarm.artifacts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Where symbolic links lead, worked out on names alone. */
public final class SymlinkTarget {
    private SymlinkTarget() {}

    /** Whether a relative target has no more {@code ..} than directories above it; an absolute one always stays inside. */
    public static boolean staysInside(InstallPath link, String target) {
        int depth = target.startsWith("/") ? 0 : parts(link.value()).size() - 1;
        for (String part : parts(target)) {
            if (part.equals("..")) {
                depth--;
            } else if (!part.equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The relative target which, from below any directory, leads to where the link would lead if that directory were the
     * root: what is absolute is made relative, and {@code ..} at the root stays at the root, as in the kernel.
     */
    public static String insideRoot(InstallPath link, String target) {
        List<String> directory = parts(link.value());
        directory.remove(directory.size() - 1);
        Deque<String> resolved = new ArrayDeque<>(target.startsWith("/") ? List.of() : directory);
        for (String part : parts(target)) {
            if (part.equals("..")) {
                resolved.pollLast();
            } else if (!part.equals(".")) {
                resolved.addLast(part);
            }
        }
        List<String> destination = new ArrayList<>(resolved);
        int common = 0;
        while (common < directory.size()
                && common < destination.size()
                && directory.get(common).equals(destination.get(common))) {
            common++;
        }
        List<String> relative = new ArrayList<>();
        for (int i = common; i < directory.size(); i++) {
            relative.add("..");
        }
        relative.addAll(destination.subList(common, destination.size()));
        return relative.isEmpty() ? "." : String.join("/", relative);
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>(List.of(path.split("/", -1)));
        parts.removeIf(String::isEmpty);
        return parts;
    }
}
