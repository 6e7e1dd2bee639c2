package io.jenkins.plugins.kernelfarm.pages;

import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.Page;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.util.VirtualFile;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Somebody asks for a page, for what pages load, or for what they link to; one of these methods is the answer. */
final class PageRequest {
    private final StaplerRequest2 request;
    private final StaplerResponse2 response;

    PageRequest(StaplerRequest2 request, StaplerResponse2 response) {
        this.request = request;
        this.response = response;
    }

    /** What is asked for, if it can lie below {@code folder}. */
    Optional<Path> file(Path folder) {
        return Asked.path(folder, request.getRestOfPath());
    }

    void page(Page page, DashboardLayout layout, Object owner) throws IOException, ServletException {
        new FramedPage(page, layout, owner).send(request, response);
    }

    void text(String text, Path file) throws IOException {
        Sent.text(text, file, request, response);
    }

    void badge(BadgePicture picture) throws IOException {
        picture.send(request, response);
    }

    /** A file of the controller's. */
    void send(Path file) throws IOException, ServletException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Sent.file(file, request, response);
        } else {
            nothing();
        }
    }

    void archived(VirtualFile file) throws IOException {
        Sent.archived(file, request, response);
    }

    /** What is asked for is {@code path} below "Boot matrix" of a job or a build, whose own URL is {@code owner}. */
    void elsewhere(String owner, String path) throws IOException {
        response.sendRedirect(request.getContextPath() + "/" + owner + KeptLayout.URL_NAME + path);
    }

    /** The same is asked for of another one. */
    void elsewhere(String owner) throws IOException {
        String query = request.getQueryString();
        elsewhere(owner, Asked.encoded(request.getRestOfPath()) + (query == null ? "" : "?" + query));
    }

    void nothing() throws IOException {
        response.sendError(StaplerResponse2.SC_NOT_FOUND);
    }
}
