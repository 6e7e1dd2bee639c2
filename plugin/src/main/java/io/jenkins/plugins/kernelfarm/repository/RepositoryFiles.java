package io.jenkins.plugins.kernelfarm.repository;

import io.jenkins.plugins.kernelfarm.KernelFarmConfiguration;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.kernelfarm.pipelines.serve.FileAnswer;
import io.kernelfarm.pipelines.serve.PublicFolder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * The repositories, their key and the files that clients copy, under {@code kernel-farm/repository/}: for those who may download, by
 * a login, by the token of a user, or for all where the settings say so.
 */
public final class RepositoryFiles {
    private final PublicFolder folder;

    RepositoryFiles(Path repository) {
        this.folder = new PublicFolder(repository);
    }

    /** Answers with the file that the rest of the URL names. */
    public void doDynamic(StaplerRequest2 req, StaplerResponse2 rsp) throws IOException {
        ServletExchange exchange = new ServletExchange(req, rsp);
        if (!mayDownload()) {
            // apt and dnf understand this; a page that leads to a login they do not.
            rsp.setHeader("WWW-Authenticate", "Basic realm=\"Jenkins\", charset=\"UTF-8\"");
            FileAnswer.say(
                    exchange,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "only for those who may download: send a user's name and API token");
            return;
        }
        if (!FileAnswer.isReading(exchange)) {
            return;
        }
        Optional<Path> file = folder.find(below(req));
        if (file.isPresent()) {
            FileAnswer.send(exchange, file.get());
        } else {
            FileAnswer.nothing(exchange);
        }
    }

    private static boolean mayDownload() {
        return KernelFarmConfiguration.get().getAnonymousDownload()
                || Jenkins.get().hasPermission(KernelFarmPermissions.DOWNLOAD);
    }

    /** What follows in the URL, as it was sent: Jenkins' own rest of the path is decoded already. */
    private static String below(StaplerRequest2 req) {
        String place = req.getContextPath() + "/" + RepositoryUrl.PLACE;
        String uri = req.getRequestURI();
        return uri.startsWith(place + "/") ? uri.substring(place.length()) : "/";
    }
}
