package io.kernelfarm.configs;

/** Something that a user wrote is wrong. The message is one sentence that names the place and, where there is one, the remedy. */
public class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }
}
