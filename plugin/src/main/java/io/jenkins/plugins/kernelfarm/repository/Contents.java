package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.pipelines.ChannelContents;
import io.kernelfarm.pipelines.OutLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What lies in the channels, read anew only after something changed. */
final class Contents {
    private static final State NOTHING = new State(List.of(), new TreeMap<>(), Map.of());

    private static State last = NOTHING;

    private Contents() {}

    private record State(
            List<Object> stamp,
            SortedMap<String, List<ChannelContents.Kernel>> contents,
            Map<String, List<ChannelContents.Decided>> decisions) {}

    static SortedMap<String, List<ChannelContents.Kernel>> of(OutLayout out) throws IOException {
        return state(out).contents();
    }

    /** What was decided on runs. */
    static Map<String, List<ChannelContents.Decided>> decisions(OutLayout out) throws IOException {
        return state(out).decisions();
    }

    private static synchronized State state(OutLayout out) throws IOException {
        List<Object> stamp = stamp(out);
        if (!last.stamp().equals(stamp)) {
            last = new State(stamp, ChannelContents.read(out), ChannelContents.decisions(out));
        }
        return last;
    }

    /** For a change that the folders' times do not tell. */
    static synchronized void forget() {
        last = NOTHING;
    }

    /** Each publication of a channel replaces a link, each promotion the list of them, each run its entry in their folder. */
    private static List<Object> stamp(OutLayout out) throws IOException {
        List<Object> stamp = new ArrayList<>();
        stamp.add(out.root());
        stamp.add(time(out.promotions()));
        stamp.add(time(out.runs()));
        Path dists = out.aptRepository().resolve("dists");
        if (Files.isDirectory(dists)) {
            try (DirectoryStream<Path> channels = Files.newDirectoryStream(dists)) {
                for (Path channel : channels) {
                    stamp.add(channel + " " + time(channel));
                }
            }
        }
        return stamp;
    }

    private static String time(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toString();
        } catch (NoSuchFileException e) {
            return "none";
        }
    }
}
