package io.jenkins.plugins.kernelfarm;

import hudson.security.Permission;
import hudson.security.PermissionGroup;
import hudson.security.PermissionScope;
import jenkins.model.Jenkins;
import org.jvnet.localizer.Localizable;
import org.jvnet.localizer.ResourceBundleHolder;

/** What people may do with kernels. Each of them goes with a permission of Jenkins' own until somebody grants it by itself. */
public final class KernelFarmPermissions {
    public static final PermissionGroup GROUP = new PermissionGroup(KernelFarmPermissions.class, text("title"));

    /** To look at kernels, their matrices and consoles. Whoever may see Jenkins has it, for the jobs that they may see. */
    public static final Permission VIEW = permission("View", Jenkins.READ, PermissionScope.ITEM);

    /** To fetch packages, from the repositories too. Whoever may look has it; alone, it lets apt and dnf in. */
    public static final Permission DOWNLOAD = permission("Download", VIEW, PermissionScope.ITEM);

    /** To bring a kernel into a channel for everybody and to take it out again. */
    public static final Permission PROMOTE = permission("Promote", Jenkins.ADMINISTER, PermissionScope.JENKINS);

    /** To change the settings of the farm. */
    public static final Permission CONFIGURE = permission("Configure", Jenkins.ADMINISTER, PermissionScope.JENKINS);

    private KernelFarmPermissions() {}

    private static Permission permission(String name, Permission impliedBy, PermissionScope scope) {
        return new Permission(GROUP, name, text(name), impliedBy, true, new PermissionScope[] {scope});
    }

    private static Localizable text(String key) {
        return new Localizable(ResourceBundleHolder.get(KernelFarmPermissions.class), key);
    }
}
