package io.jenkins.plugins.kernelfarm;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * All of a type that can show in the bytecode of those who compile against it, read from its class file: loading it
 * would need everything that Jenkins' own signatures mention.
 */
final class TypeShape extends ClassVisitor {
    private static final int VISIBLE = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;
    private static final int KIND = VISIBLE
            | Opcodes.ACC_INTERFACE
            | Opcodes.ACC_ANNOTATION
            | Opcodes.ACC_ENUM
            | Opcodes.ACC_FINAL
            | Opcodes.ACC_ABSTRACT
            | Opcodes.ACC_STATIC;
    private static final int MEMBER =
            VISIBLE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_ABSTRACT | Opcodes.ACC_VARARGS;

    private final Set<String> parents = new LinkedHashSet<>();
    private final Map<String, String> members = new TreeMap<>();
    private final Map<String, Set<String>> annotations = new TreeMap<>();
    private String self;
    private String kind;
    private String typeParameters;

    private TypeShape() {
        super(Opcodes.ASM9);
    }

    /** Reads a type, or gives null if the loader has no such type. */
    static TypeShape read(ClassLoader loader, String internalName) throws IOException {
        try (InputStream in = loader.getResourceAsStream(internalName + ".class")) {
            if (in == null) {
                return null;
            }
            TypeShape shape = new TypeShape();
            new ClassReader(in).accept(shape, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
            return shape;
        }
    }

    /**
     * What this signature says that the real type does not. A signature may leave out members, interfaces, annotations
     * and steps between it and a superclass; what it does say has to be true.
     */
    List<String> differencesFrom(String internalName, ClassLoader jenkins) throws IOException {
        TypeShape real = read(jenkins, internalName);
        if (real == null) {
            return List.of(internalName + " does not exist in Jenkins");
        }
        List<String> differences = new ArrayList<>();
        if (!kind.equals(real.kind)) {
            differences.add(internalName + " is " + kind + ", in Jenkins " + real.kind);
        }
        if (!typeParameters.equals(real.typeParameters)) {
            differences.add(internalName + typeParameters + " is in Jenkins " + internalName + real.typeParameters);
        }
        Set<String> ancestors = new TreeSet<>(Set.of("java/lang/Object"));
        real.collectAncestors(jenkins, ancestors);
        for (String parent : parents) {
            if (!ancestors.contains(parent)) {
                differences.add(internalName + " is no " + parent + " in Jenkins");
            }
        }
        members.forEach((name, member) -> {
            if (!member.equals(real.members.get(name))) {
                differences.add(internalName + "." + name + " " + member + ", in Jenkins "
                        + real.members.getOrDefault(name, "absent"));
            }
        });
        annotations.forEach((name, values) -> {
            if (!values.equals(real.annotations.get(name))) {
                differences.add(internalName + " has " + name + values + ", in Jenkins " + real.annotations.get(name));
            }
        });
        return differences;
    }

    /** Ancestors whose class files the loader lacks (the JDK's) are named, and not followed. */
    private void collectAncestors(ClassLoader loader, Set<String> ancestors) throws IOException {
        for (String parent : parents) {
            TypeShape shape = ancestors.add(parent) ? read(loader, parent) : null;
            if (shape != null) {
                shape.collectAncestors(loader, ancestors);
            }
        }
    }

    @Override
    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
        self = name;
        kind = flags(access & KIND);
        typeParameters = signature == null ? "" : formalPart(signature);
        parents.add(superName);
        parents.addAll(Arrays.asList(interfaces));
    }

    @Override
    public void visitInnerClass(String name, String outerName, String innerName, int access) {
        if (name.equals(self)) {
            // The nested type's own flags know neither "protected" nor "static".
            kind = flags(access & KIND);
        }
    }

    @Override
    public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
        Set<String> values = new TreeSet<>();
        annotations.put(descriptor, values);
        return new AnnotationVisitor(Opcodes.ASM9) {
            @Override
            public void visit(String name, Object value) {
                values.add(String.valueOf(value));
            }

            @Override
            public void visitEnum(String name, String descriptor, String value) {
                values.add(value);
            }

            @Override
            public AnnotationVisitor visitArray(String name) {
                return this;
            }
        };
    }

    @Override
    public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
        // A constant's value is copied into whoever compiles against it.
        add(access, name + ":" + descriptor, signature, "= " + value);
        return null;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String name, String descriptor, String signature, String[] exceptions) {
        Set<String> thrown = exceptions == null ? Set.of() : new TreeSet<>(Arrays.asList(exceptions));
        add(access, name + descriptor, signature, "throws " + thrown);
        return null;
    }

    private void add(int access, String name, String signature, String rest) {
        if ((access & VISIBLE) != 0 && (access & Opcodes.ACC_SYNTHETIC) == 0) {
            members.put(name, flags(access & MEMBER) + " generic " + signature + " " + rest);
        }
    }

    private static String flags(int access) {
        return "0x" + Integer.toHexString(access);
    }

    /** The part between the first bracket and its partner: the type's own parameters and their bounds. */
    private static String formalPart(String signature) {
        if (!signature.startsWith("<")) {
            return "";
        }
        int depth = 0;
        int end = 0;
        do {
            char c = signature.charAt(end++);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
        } while (depth > 0);
        return signature.substring(0, end);
    }
}
