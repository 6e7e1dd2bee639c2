package io.kernelfarm.pipelines.cli;

import io.kernelfarm.pipelines.Cache;
import io.kernelfarm.pipelines.CacheLimits;
import io.kernelfarm.pipelines.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code farm cache}. */
@Command(
        name = "cache",
        description =
                "Lists what the cache keeps, what was not used for the longest time first. All of it can be made again.",
        footer = {
            "%nEach new build keeps the cache within its bounds: $" + CacheLimits.SIZE_VARIABLE
                    + " (such as 20G; 40G by default) and $" + CacheLimits.DAYS_VARIABLE
                    + " (days since something was last used; 60 by default)."
        },
        mixinStandardHelpOptions = true)
final class CacheVerb implements Callable<Integer> {

    @Mixin
    private Options options;

    @Option(names = "--tidy", description = "remove what is beyond the bounds, now")
    private boolean tidy;

    /** What there is, or what was removed. */
    record Listed(CacheLimits limits, long bytes, long ccacheBytes, List<Cache.Item> items) {}

    @Override
    public Integer call() throws IOException {
        CacheLimits limits = CacheLimits.of(System.getenv());
        Cache cache = new Cache(options.places().cache(), options.notes());
        Instant now = Instant.now();
        List<Cache.Item> items = tidy ? cache.keepWithin(limits, now) : cache.items();
        long bytes = items.stream().mapToLong(Cache.Item::bytes).sum();
        if (options.json()) {
            System.out.println(Json.text(new Listed(limits, bytes, cache.ccacheBytes(), items)));
            return 0;
        }
        for (Cache.Item item : items) {
            System.out.printf(
                    Locale.ROOT,
                    "%10.1f MB  %12s  %s/%s%n",
                    item.bytes() / 1e6,
                    ago(Duration.between(item.used(), now)),
                    item.shelf(),
                    item.name());
        }
        System.out.printf(
                Locale.ROOT,
                "%s %d items with %.1f GB; at most %.1f GB and %d days are kept, and ccache keeps %.1f GB by its own bounds%n",
                tidy ? "removed" : "there are",
                items.size(),
                bytes / 1e9,
                limits.bytes() / 1e9,
                limits.age().toDays(),
                cache.ccacheBytes() / 1e9);
        return 0;
    }

    private static String ago(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d ago";
        }
        return time.toHours() > 0 ? time.toHours() + " h ago" : Math.max(0, time.toMinutes()) + " min ago";
    }
}
