package io.kernelfarm.bootmatrix.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.kernelfarm.bootmatrix.report.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a page shows, for programs and for the page's scripts: a {@code .json}, and beside it a {@code .js} that hands the same over to
 * {@code farm.js}, because a page that was opened from a disk may not read the other.
 */
final class DataFile {

    private DataFile() {}

    /** Writes {@code content} to {@code json}, and to its twin, unless they hold it already. */
    static void write(Path json, JsonNode content) throws IOException {
        String text = content.toString();
        AtomicFile.writeIfChanged(json, text + "\n");
        // U+2028 and U+2029 end a line in old scripts, and no text of the page's may end the script.
        String script =
                text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", "<\\/");
        AtomicFile.writeIfChanged(twin(json), "kernelFarm.loaded(" + script + ");\n");
    }

    /** The script beside {@code json}. */
    static Path twin(Path json) {
        return json.resolveSibling(json.getFileName().toString().replaceFirst("\\.json$", ".js"));
    }
}
