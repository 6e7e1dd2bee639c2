package io.kernelfarm.pipelines;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much the cache may keep, and for how long.
 *
 * @param bytes that its items may have together
 * @param age since an item was last used
 */
public record CacheLimits(long bytes, Duration age) {

    /** {@code 20G}, for example; powers of 1000. */
    public static final String SIZE_VARIABLE = "KERNEL_FARM_CACHE_SIZE";

    /** {@code 30}, for example. */
    public static final String DAYS_VARIABLE = "KERNEL_FARM_CACHE_DAYS";

    private static final String DEFAULT_SIZE = "40G";
    private static final String DEFAULT_DAYS = "60";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,6})([MGT])");

    /**
     * What the environment says, or else 40 GB and 60 days.
     *
     * @throws FarmException wrong usage, if it says neither a size nor a number
     */
    public static CacheLimits of(Map<String, String> environment) {
        return of(
                environment.getOrDefault(SIZE_VARIABLE, DEFAULT_SIZE),
                environment.getOrDefault(DAYS_VARIABLE, DEFAULT_DAYS));
    }

    private static CacheLimits of(String size, String days) {
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw FarmException.usage(SIZE_VARIABLE + " is '" + size + "', which is no size such as 500M, 20G or 1T");
        }
        if (!days.matches("[1-9][0-9]{0,4}")) {
            throw FarmException.usage(DAYS_VARIABLE + " is '" + days + "', which is no number of days such as 30");
        }
        long unit =
                switch (matcher.group(2)) {
                    case "M" -> 1_000_000L;
                    case "G" -> 1_000_000_000L;
                    default -> 1_000_000_000_000L;
                };
        return new CacheLimits(Long.parseLong(matcher.group(1)) * unit, Duration.ofDays(Long.parseLong(days)));
    }
}
