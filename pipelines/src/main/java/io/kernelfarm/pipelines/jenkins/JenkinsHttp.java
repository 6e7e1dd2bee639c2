package io.kernelfarm.pipelines.jenkins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kernelfarm.pipelines.FarmException;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Speaks to a Jenkins as one of its users. Paths are relative to Jenkins' own, without a slash in front. */
final class JenkinsHttp {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final URI jenkins;
    private final String user;
    private final String authorization;

    /** @param password of the user, or an API token */
    JenkinsHttp(URI jenkins, String user, String password) {
        this.jenkins = jenkins;
        this.user = user;
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** The same user with a new API token in place of the password. */
    JenkinsHttp withToken() throws IOException, InterruptedException {
        String token = post(
                "me/descriptorByName/jenkins.security.ApiTokenProperty/generateNewToken",
                "application/x-www-form-urlencoded",
                "newTokenName=kernel-farm");
        return new JenkinsHttp(
                jenkins,
                user,
                MAPPER.readTree(token).path("data").path("tokenValue").asText());
    }

    /**
     * The text at {@code path}, which is there and not elsewhere.
     *
     * @throws FarmException the farm's fault, if Jenkins does not give it
     */
    String get(String path) throws IOException, InterruptedException {
        return send(path, request(path).GET().build());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return MAPPER.readTree(get(path));
    }

    /** Sends {@code body}, with a crumb, and returns the answer; Jenkins may answer by leading elsewhere. */
    String post(String path, String type, String body) throws IOException, InterruptedException {
        JsonNode crumb = json("crumbIssuer/api/json");
        return send(
                path,
                request(path)
                        .header(
                                crumb.path("crumbRequestField").asText(),
                                crumb.path("crumb").asText())
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(jenkins.resolve(path)).timeout(PATIENCE).header("Authorization", authorization);
    }

    private String send(String path, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> said = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (said.statusCode() >= (request.method().equals("GET") ? 300 : 400)) {
            throw FarmException.farm("Jenkins answers " + request.method() + " " + path + " with " + said.statusCode());
        }
        return said.body();
    }
}
