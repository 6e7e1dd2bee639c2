package io.kernelfarm.bootmatrix.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Where a WebJar, which is a library for browsers in a jar, has its files. */
final class WebJar {

    private WebJar() {}

    /** The resource {@code file} of the npm package {@code name}, in whatever version the build has chosen. */
    static String resource(String name, String file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in =
                WebJar.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            properties.load(in);
        }
        return "/META-INF/resources/webjars/" + name + "/" + properties.getProperty("version") + "/" + file;
    }
}
