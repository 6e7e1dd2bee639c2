package io.jenkins.plugins.kernelfarm;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.java.sezpoz.Index;
import net.java.sezpoz.IndexItem;
import org.jenkinsci.Symbol;
import org.junit.jupiter.api.Test;

/** Jenkins finds extensions and symbols by these two indexes alone: what is missing there does not exist for it. */
class IndexesTest {
    @Test
    void extensionIndexNamesEveryExtension() throws IOException {
        List<String> indexed = new ArrayList<>();
        ClassLoader loader = IndexesTest.class.getClassLoader();
        for (IndexItem<Extension, Object> item : Index.load(Extension.class, Object.class, loader)) {
            // A real Jenkins on the class path has an index of its own.
            if (item.className().startsWith("io.jenkins.plugins.kernelfarm.")) {
                indexed.add(item.className());
            }
        }

        assertThat(indexed)
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(PluginClasses.annotatedWith(Extension.class));
    }

    @Test
    void symbolIndexNamesEverySymbolInOrder() throws IOException {
        Path index = PluginClasses.FOLDER.resolve("META-INF/services/annotations/org.jenkinsci.Symbol");

        assertThat(Files.readAllLines(index))
                .isNotEmpty()
                .containsExactlyElementsOf(PluginClasses.annotatedWith(Symbol.class));
    }
}
