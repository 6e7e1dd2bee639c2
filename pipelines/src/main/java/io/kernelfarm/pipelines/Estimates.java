package io.kernelfarm.pipelines;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How much there was to do last time: seconds of stages, lines of compiler output. Losing it costs nothing. */
final class Estimates {

    private record Numbers(TreeMap<String, Double> numbers) {
        @com.fasterxml.jackson.annotation.JsonCreator(
                mode = com.fasterxml.jackson.annotation.JsonCreator.Mode.DELEGATING)
        Numbers {}

        @Override
        @JsonValue
        public TreeMap<String, Double> numbers() {
            return numbers;
        }
    }

    private final Path file;

    Estimates(CacheLayout cache) {
        this.file = cache.estimates();
    }

    OptionalDouble get(String name) {
        Double number = read().numbers().get(name);
        return number == null ? OptionalDouble.empty() : OptionalDouble.of(number);
    }

    void put(String name, double number) throws IOException {
        Numbers numbers = read();
        numbers.numbers().put(name, number);
        Files.createDirectories(file.getParent());
        Json.write(file, numbers);
    }

    private Numbers read() {
        try {
            return Json.read(file, Numbers.class);
        } catch (IOException | FarmException e) {
            return new Numbers(new TreeMap<>());
        }
    }
}
