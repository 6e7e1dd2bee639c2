package io.kernelfarm.pipelines;

import io.kernelfarm.configs.ConfigDiff;
import io.kernelfarm.configs.ConfigExplainer;
import io.kernelfarm.configs.ConfigExplainer.Explanation;
import io.kernelfarm.configs.DotConfig;
import io.kernelfarm.configs.DroppedOption;
import io.kernelfarm.configs.Kconfig;
import io.kernelfarm.configs.OptionOrigin;
import io.kernelfarm.configs.Profile;
import io.kernelfarm.configs.ResolvedConfig;
import io.kernelfarm.configs.XenGate;
import io.kernelfarm.pipelines.builder.HostBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Questions about configurations that need no build. */
public final class Configurations {

    private final Spec spec;
    private final FarmRun.Places places;
    private final Progress progress;

    public Configurations(Spec spec, FarmRun.Places places, Progress progress) {
        this.spec = spec;
        this.places = places;
        this.progress = progress;
    }

    /**
     * What is wrong with a configuration.
     *
     * @param dropped wanted options that did not stick
     * @param lacking what a unified Xen kernel needs and this one has not
     */
    public record Check(String source, String profile, List<DroppedOption> dropped, List<XenGate.Finding> lacking) {
        public boolean good() {
            return dropped.isEmpty() && lacking.isEmpty();
        }
    }

    /** Resolves the spec's configuration and looks at it. */
    public Check check() {
        Profile profile = FarmRun.check(spec);
        return places.guard(() -> {
            KernelSource source = SourceStage.run(spec.source(), places.cache(), progress);
            ResolvedConfig resolved = resolve(source, profile);
            return new Check(
                    source.identity(),
                    profile.name(),
                    resolved.dropped(),
                    XenGate.check(resolved.config(), spec.arch().id()));
        });
    }

    /** All options that somebody asked for, with who did. */
    public Collection<OptionOrigin> origins() {
        Profile profile = FarmRun.check(spec);
        return places.guard(() -> resolve(SourceStage.run(spec.source(), places.cache(), progress), profile)
                .origins()
                .values());
    }

    /**
     * Why each of {@code options} has its value.
     *
     * @throws FarmException wrong usage, if the source has no such option
     */
    public List<Explanation> explain(List<String> options) {
        Profile profile = FarmRun.check(spec);
        return places.guard(() -> {
            KernelSource source = SourceStage.run(spec.source(), places.cache(), progress);
            ResolvedConfig resolved = resolve(source, profile);
            Kconfig kconfig = Kconfig.read(ConfigureStage.tree(source, spec.arch(), places.cache()));
            List<Explanation> explanations = new ArrayList<>();
            for (String option : options) {
                explanations.add(ConfigExplainer.explain(option, resolved, kconfig));
            }
            return explanations;
        });
    }

    /**
     * What differs between two configurations, each named by a run or by the path of a {@code .config} file.
     *
     * @throws FarmException wrong usage, if there is no such run or file
     */
    public static List<ConfigDiff.Change> diff(String before, String after, FarmRun.Places places) {
        return places.guard(() -> ConfigDiff.between(read(before, places), read(after, places)));
    }

    private static DotConfig read(String name, FarmRun.Places places) throws IOException {
        Path file = Path.of(name);
        return DotConfig.read(
                Files.isRegularFile(file) ? file : places.out().find(name).dotConfig());
    }

    private ResolvedConfig resolve(KernelSource source, Profile profile) throws IOException {
        return ConfigureStage.resolve(
                        source, spec.arch(), profile, spec.options(), new HostBuilder(), places.cache(), progress)
                .config();
    }
}
