package io.kernelfarm.pipelines.source;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.kernelfarm.pipelines.Download;
import io.kernelfarm.pipelines.YamlFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Where something is that a spec names: a URL, or the path of a file or folder, looked for from the spec's own folder. A user
 * name, a password or a query in a URL, any of which may be secret, are kept out of all texts, and so out of records and logs.
 */
@JsonDeserialize(using = Location.Reader.class)
public final class Location {

    private final String text;
    private final Path folder;
    private final URI url;

    /**
     * What {@code text} means in a spec that lies in {@code folder}.
     *
     * @throws IllegalArgumentException if it is neither; one sentence
     */
    public Location(String text, Path folder) {
        this.text = text.strip();
        this.folder = folder;
        Source.require(
                !this.text.isEmpty() && !this.text.matches(".*\\p{Cntrl}.*"),
                "the source's place is empty or has a control character; give it a path or a URL");
        this.url = this.text.matches("[A-Za-z][A-Za-z0-9+.-]*::?//.*|[A-Za-z0-9+.-]+::.*") ? parse(this.text) : null;
    }

    private static URI parse(String text) {
        String shown = text.replaceFirst("//[^/]*@", "//").replaceFirst("[?#].*", "");
        try {
            URI url = new URI(text);
            Source.require(
                    url.getHost() != null && !url.getHost().startsWith("-"),
                    "'" + shown + "' is not a URL such as https://kernels.example.org/linux-6.1.tar.xz");
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + shown + "' is not a URL: " + e.getReason(), null);
        }
    }

    boolean isUrl() {
        return url != null;
    }

    /** The same, if its URL is of one of {@code schemes}, or it is a path. */
    Location of(Set<String> schemes, String key) {
        Source.require(
                url == null || schemes.contains(url.getScheme()),
                "'source." + key + "' is " + this + ", and what is fetched has a URL of " + String.join(", ", schemes)
                        + ", or is a path");
        return this;
    }

    /** Of what is no URL. */
    Path path() {
        return folder.resolve(text).toAbsolutePath().normalize();
    }

    /** What a program is given, without the user's name and password; of ssh the name belongs to the address. */
    String address() {
        String user = "ssh".equals(url.getScheme())
                ? credentials().map(one -> one.user() + "@").orElse("")
                : "";
        return start(user) + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }

    /** What {@link Download} is given. */
    Download.From from() {
        return new Download.From(address(), credentials().map(one -> one.user() + ":" + one.password()), toString());
    }

    private String start(String user) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + user + url.getHost() + port + url.getRawPath();
    }

    /** A user's name and password. */
    record Credentials(String user, String password) {}

    Optional<Credentials> credentials() {
        return Optional.ofNullable(url)
                .map(URI::getUserInfo)
                .map(both -> both.split(":", 2))
                .map(both -> new Credentials(both[0], both.length > 1 ? both[1] : ""));
    }

    /** The last part of it. */
    String name() {
        String path = url == null ? path().toString() : url.getPath();
        String name = path.replaceFirst("/+$", "").replaceFirst(".*/", "").replaceAll("[^A-Za-z0-9._+~-]", "_");
        return name.isEmpty() ? "linux" : name.substring(0, Math.min(100, name.length()));
    }

    /** As it stands in the spec, but for what may be secret. */
    @Override
    @JsonValue
    public String toString() {
        return url == null ? text : start("");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Location location
                && text.equals(location.text)
                && (url != null || path().equals(location.path()));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Knows the folder of the spec that is being read. */
    static final class Reader extends JsonDeserializer<Location> {
        @Override
        public Location deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.currentToken().isScalarValue() || parser.currentToken() == JsonToken.VALUE_NULL) {
                return (Location) context.handleUnexpectedToken(Location.class, parser);
            }
            try {
                return new Location(parser.getText(), YamlFile.folder(context));
            } catch (IllegalArgumentException e) {
                throw context.instantiationException(Location.class, e);
            }
        }
    }
}
