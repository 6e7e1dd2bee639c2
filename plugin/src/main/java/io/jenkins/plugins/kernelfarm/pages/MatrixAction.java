package io.jenkins.plugins.kernelfarm.pages;

import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Job;
import io.jenkins.plugins.kernelfarm.KernelFarmPermissions;
import io.jenkins.plugins.kernelfarm.collect.KeptLayout;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** "Boot matrix" of a job or of a build: who sees it, and how requests come to its pages. */
public abstract class MatrixAction implements Action, StaplerProxy {

    /** The job whose permissions count. */
    abstract Job<?, ?> job();

    /** Answers a request for something below {@link #getUrlName}; whoever asks may see it. */
    abstract void answer(PageRequest request) throws IOException, ServletException;

    /** Whether there is something to see for whoever asks. */
    public boolean isVisible() {
        return job().hasPermission(KernelFarmPermissions.VIEW);
    }

    @Override
    public final String getIconFileName() {
        return isVisible() ? Icons.MATRIX : null;
    }

    @Override
    public final String getDisplayName() {
        return "Boot matrix";
    }

    @Override
    public final String getUrlName() {
        return KeptLayout.URL_NAME;
    }

    /** Every URL below comes through here. */
    @Override
    public final Object getTarget() {
        job().checkPermission(KernelFarmPermissions.VIEW);
        return this;
    }

    public final Api getApi() {
        return new Api(this);
    }

    /** Everything else below this URL. */
    public final void doDynamic(StaplerRequest2 request, StaplerResponse2 response)
            throws IOException, ServletException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.sendError(StaplerResponse2.SC_METHOD_NOT_ALLOWED);
        } else {
            answer(new PageRequest(request, response));
        }
    }
}
