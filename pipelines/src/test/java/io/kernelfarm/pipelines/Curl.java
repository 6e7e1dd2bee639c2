package io.kernelfarm.pipelines;

import io.kernelfarm.artifacts.Tools;
import java.util.ArrayList;
import java.util.List;

/** The real curl, which takes a path as it is. */
public final class Curl {

    private Curl() {}

    /** What a server said. */
    public record Answer(int status, List<String> headers, String body) {

        /** The value of a header; empty if the answer has none of that name. */
        public String header(String name) {
            return headers.stream()
                    .filter(header -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(header -> header.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    public static Answer get(String url, String... options) {
        List<String> words = new ArrayList<>(
                List.of("curl", "--silent", "--show-error", "--noproxy", "*", "--path-as-is", "--dump-header", "-"));
        words.addAll(List.of(options));
        words.add(url);
        String said = Tools.must(words.toArray(String[]::new));
        int end = said.indexOf("\r\n\r\n");
        List<String> head = said.substring(0, end).lines().toList();
        boolean only = List.of(options).contains("--head");
        return new Answer(
                Integer.parseInt(head.get(0).split(" ", -1)[1]),
                head.subList(1, head.size()),
                only ? "" : said.substring(end + 4));
    }
}
