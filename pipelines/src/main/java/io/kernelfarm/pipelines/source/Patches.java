package io.kernelfarm.pipelines.source;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.kernelfarm.artifacts.provenance.Provenance;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.KernelSource;
import io.kernelfarm.pipelines.Progress;
import io.kernelfarm.pipelines.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code patches} of a spec: folders with a {@code series} as quilt(1) has it, and files of patches, in the order in which they are
 * applied.
 */
@JsonDeserialize(using = Patches.Reader.class)
public final class Patches {

    private final List<String> names;
    private final Path folder;

    /** Those that a spec in {@code folder} calls {@code names}. */
    public Patches(List<String> names, Path folder) {
        this.names = List.copyOf(names);
        this.folder = folder;
        Source.require(
                !names.isEmpty() && names.stream().noneMatch(String::isBlank),
                "'source.patches' names nothing; give it a folder with a file 'series', or a list of patches");
    }

    /**
     * {@code bare} with these patches on top: a tree of its own, which shares with the other all files that are the same.
     *
     * @throws io.kernelfarm.pipelines.FarmException wrong usage, with the hunk that does not apply
     */
    public KernelSource on(KernelSource bare, CacheLayout cache, Progress progress) throws IOException {
        List<Patch> series = new ArrayList<>();
        for (String name : names) {
            series.addAll(Patch.read(folder.resolve(name).toAbsolutePath().normalize()));
        }
        if (series.isEmpty()) {
            return bare; // A series may be empty for a while.
        }
        String hash = Patch.hash(series).substring(0, 12);
        Path place = cache.patched(bare.tree(), hash);
        FolderLock.holding(place, progress, () -> {
            if (!Files.exists(place)) {
                PatchedTree.make(bare, series, place, cache, progress);
            }
            return place;
        });
        // A patch may be the step from one stable release to the next.
        String before = SourceTree.version(bare.tree());
        String version = bare.version().startsWith(before)
                ? SourceTree.version(place) + bare.version().substring(before.length())
                : bare.version();
        Provenance.Source origin = bare.origin();
        return new KernelSource(
                bare.identity() + "+patches:" + hash,
                version,
                new Provenance.Source(
                        origin.name(),
                        origin.version(),
                        origin.uri(),
                        origin.digests(),
                        series.stream()
                                .map(patch -> new Provenance.Patch(patch.name(), patch.sha256()))
                                .toList()),
                place,
                bare.timestamp());
    }

    /** As it stands in the spec. */
    @JsonValue
    Object written() {
        return names.size() == 1 ? names.get(0) : names;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Patches patches && files().equals(patches.files());
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    private List<Path> files() {
        return names.stream().map(folder::resolve).map(Path::toAbsolutePath).toList();
    }

    @Override
    public String toString() {
        return String.join(", ", names);
    }

    /** Knows the folder of the spec that is being read. */
    static final class Reader extends JsonDeserializer<Patches> {
        @Override
        public Patches deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            List<String> names;
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                names = List.of(context.readValue(parser, String[].class));
            } else if (parser.currentToken().isScalarValue()) {
                names = Stream.of(parser.getText()).toList();
            } else {
                return (Patches) context.handleUnexpectedToken(Patches.class, parser);
            }
            try {
                return new Patches(names, YamlFile.folder(context));
            } catch (IllegalArgumentException e) {
                throw context.instantiationException(Patches.class, e);
            }
        }
    }
}
