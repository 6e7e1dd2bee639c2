package io.jenkins.plugins.kernelfarm.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Somebody who speaks to a Jenkins by HTTP. Paths are relative to Jenkins' own, without a slash in front. */
public final class JenkinsClient {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http;
    private final URI jenkins;
    private final String user;
    private final String password;
    private String session = "";
    private List<String> crumb = List.of();

    JenkinsClient(HttpClient http, URI jenkins, String user, String password) {
        this.http = http;
        this.jenkins = jenkins;
        this.user = user;
        this.password = password;
    }

    /** The same user with an API token in place of the password, which needs no crumb. */
    public JenkinsClient withToken() throws IOException, InterruptedException {
        JsonNode made = MAPPER.readTree(post(
                        "me/descriptorByName/jenkins.security.ApiTokenProperty/generateNewToken",
                        Map.of("newTokenName", "test"))
                .expect(200)
                .text());
        return new JenkinsClient(
                http, jenkins, user, made.path("data").path("tokenValue").asText());
    }

    /** An answer of Jenkins. */
    public record Reply(String request, HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public byte[] bytes() {
            return response.body();
        }

        public Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** Redirections are answers as well; {@code 302} is expected like any other. */
        public Reply expect(int... wanted) {
            assertThat(Arrays.stream(wanted).boxed().toList())
                    .as(() -> request + " gave " + status() + ":\n" + text())
                    .contains(status());
            return this;
        }
    }

    /** Asks for {@code path}; {@code headers} are names and values in turn. */
    public Reply get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    public JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(get(path).expect(200).bytes());
    }

    /** Sends a form, with a crumb. */
    public Reply post(String path, Map<String, String> form) throws IOException, InterruptedException {
        return withCrumb(path, "application/x-www-form-urlencoded", encoded(form));
    }

    public Reply postXml(String path, String xml) throws IOException, InterruptedException {
        return withCrumb(path, "application/xml; charset=utf-8", xml);
    }

    /** Sends a form without a crumb, as a foreign page would have it sent. */
    public Reply postWithoutCrumb(String path, Map<String, String> form) throws IOException, InterruptedException {
        return send(
                "POST",
                path,
                HttpRequest.BodyPublishers.ofString(encoded(form)),
                "Content-Type",
                "application/x-www-form-urlencoded");
    }

    private Reply withCrumb(String path, String type, String body) throws IOException, InterruptedException {
        if (crumb.isEmpty()) {
            Reply issued = get("crumbIssuer/api/json").expect(200, 403);
            if (issued.status() == 200) {
                JsonNode node = MAPPER.readTree(issued.bytes());
                crumb = List.of(
                        node.get("crumbRequestField").asText(),
                        node.get("crumb").asText());
                session = issued.response().headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.replaceFirst(";.*", ""))
                        .collect(Collectors.joining("; "));
            }
        }
        List<String> headers = new ArrayList<>(crumb);
        headers.addAll(List.of("Content-Type", type));
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body), headers.toArray(String[]::new));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Reply send(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(jenkins + path)).method(method, body);
        if (!user.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
        }
        if (!session.isEmpty()) {
            request.header("Cookie", session);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new Reply(
                method + " " + path + " as " + (user.isEmpty() ? "nobody" : user),
                http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    }
}
