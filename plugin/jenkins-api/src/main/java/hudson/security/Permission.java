package hudson.security;

import org.jvnet.localizer.Localizable;

public final class Permission {
    private Permission() {}

    public Permission(
            PermissionGroup group,
            String name,
            Localizable description,
            Permission impliedBy,
            boolean enable,
            PermissionScope[] scopes)
            throws IllegalStateException {
        throw new UnsupportedOperationException();
    }
}
