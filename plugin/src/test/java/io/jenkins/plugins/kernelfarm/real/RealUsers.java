package io.jenkins.plugins.kernelfarm.real;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The script that makes a test's users and says what each may do. */
final class RealUsers {

    private RealUsers() {}

    /** @param users by name, what each may do besides reading Jenkins, as in {@code Job/Build} */
    static String script(Map<String, List<String>> users) {
        String grants = users.entrySet().stream()
                .map(user -> "  '" + user.getKey() + "': ["
                        + user.getValue().stream().map(one -> "'" + one + "'").collect(Collectors.joining(", "))
                        + "],\n")
                .collect(Collectors.joining());
        String accounts = "def grants = [\n" + (grants.isEmpty() ? "  :" : grants) + "]\n" + """
                def jenkins = jenkins.model.Jenkins.get()
                jenkins.numExecutors = 2
                def realm = new hudson.security.HudsonPrivateSecurityRealm(false)
                (['admin'] + grants.keySet()).each { name ->
                    if (hudson.model.User.getById(name, false)?.getProperty(hudson.security.HudsonPrivateSecurityRealm.Details) == null) {
                        realm.createAccount(name, name + '-password')
                    }
                }
                jenkins.securityRealm = realm
                """;
        return accounts + (users.isEmpty() ? """
                        def everybody = new hudson.security.FullControlOnceLoggedInAuthorizationStrategy()
                        everybody.allowAnonymousRead = false
                        jenkins.authorizationStrategy = everybody
                        jenkins.save()
                        """ : """
                        def matrix = new hudson.security.GlobalMatrixAuthorizationStrategy()
                        matrix.add(jenkins.ADMINISTER, 'admin')
                        grants.each { name, permissions ->
                            matrix.add(jenkins.READ, name)
                            permissions.each { wanted ->
                                def permission = hudson.security.PermissionGroup.all*.permissions.flatten()
                                    .find { it.group.title.toString() + '/' + it.name == wanted }
                                if (permission == null) {
                                    throw new IllegalArgumentException('there is no permission ' + wanted)
                                }
                                matrix.add(permission, name)
                            }
                        }
                        jenkins.authorizationStrategy = matrix
                        jenkins.save()
                        """);
    }
}
