package io.kernelfarm.pipelines.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a client says of encodings (RFC 9110, section 12.5.3). */
final class AcceptEncoding {

    private static final String ZERO = "q=0(\\.0{0,3})?";

    private AcceptEncoding() {}

    /** Whether a client that sent these headers, if any, takes gzip. */
    static boolean gzip(List<String> headers) {
        List<String[]> codings = headers.stream()
                .flatMap(header -> Arrays.stream(header.toLowerCase(Locale.ROOT).split(",")))
                .map(coding -> coding.strip().split("\\s*;\\s*", -1))
                .toList();
        // What is named counts before what is meant by a star.
        return codings.stream()
                .filter(coding -> coding[0].equals("gzip") || coding[0].equals("x-gzip"))
                .findFirst()
                .or(() ->
                        codings.stream().filter(coding -> coding[0].equals("*")).findFirst())
                .filter(coding -> Arrays.stream(coding).noneMatch(parameter -> parameter.matches(ZERO)))
                .isPresent();
    }
}
