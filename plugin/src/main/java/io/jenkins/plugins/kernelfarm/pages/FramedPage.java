package io.jenkins.plugins.kernelfarm.pages;

import io.kernelfarm.bootmatrix.dashboard.DashboardLayout;
import io.kernelfarm.bootmatrix.dashboard.Page;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** A page of the dashboard in Jenkins' frame; {@code frame.jelly} is that. */
public final class FramedPage {
    private final Page page;
    private final DashboardLayout layout;
    private final Object owner;

    /**
     * Frames {@code page}.
     *
     * @param owner whose page it is: a build, a job, or Jenkins itself
     */
    public FramedPage(Page page, DashboardLayout layout, Object owner) {
        this.page = page;
        this.layout = layout;
        this.owner = owner;
    }

    /** Sends it. Whoever calls has checked permissions. */
    public void send(StaplerRequest2 request, StaplerResponse2 response) throws IOException, ServletException {
        request.getView(this, "frame.jelly").forward(request, response);
    }

    /** Whose side panel stands beside the page. */
    public Object getOwner() {
        return owner;
    }

    public String getTitle() {
        return page.title().replaceFirst(" [–·] Kernel Farm$", "");
    }

    /** Markup, made by the dashboard's own writer, in which no text becomes any. */
    public String getContent() {
        return page.content();
    }

    /** Links to the pages above this one. */
    public List<Page.Step> getTrail() {
        return page.trail();
    }

    /** The folder, which is what Jenkins' side panel leads to. */
    public String getHome() {
        String way = way(layout.root());
        return way.isEmpty() ? "./" : way + "/";
    }

    public String getHistory() {
        return way(layout.history());
    }

    public String getCompare() {
        return way(layout.compare());
    }

    /** Scripts that the page needs, in their order, by the names that they have in the plugin's folder. Styles are all in one file. */
    public List<String> getScripts() {
        return Stream.concat(Page.COMMON.stream(), page.assets().stream())
                .filter(asset -> asset.endsWith(".js"))
                .toList();
    }

    /** From the page to another one; both names are the dashboard's own, and nothing in them needs escaping. */
    private String way(Path other) {
        return page.file().getParent().relativize(other).toString();
    }
}
