package io.kernelfarm.pipelines;

import io.kernelfarm.bootmatrix.Verdict;
import io.kernelfarm.pipelines.builder.Builder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** The commits of a git tree, each configured as the spec says, and compiled unless the cache has it. */
final class GitKernels implements BisectRun.Kernels {

    private final GitTree tree;
    private final Spec spec;
    private final Path place;
    private final FarmRun.Places places;
    private Builder builder;

    GitKernels(BisectTask task, FarmRun.Places places) throws IOException {
        this.tree = GitTree.open(Path.of(task.tree()));
        this.spec = task.spec();
        this.place = tree.place(task.bad(), places.cache());
        this.places = places;
    }

    @Override
    public BisectRecord.Suspect describe(String id) throws IOException {
        GitTree.Commit commit = tree.describe(id);
        return new BisectRecord.Suspect(id, commit.subject(), commit.author(), commit.date());
    }

    @Override
    public String quote(String id) throws IOException {
        return "commit " + tree.describe(id);
    }

    @Override
    public BisectRun.Built build(String id, RunLayout folder, StageEvents stages) throws IOException {
        StageEvents.Notes waiting = new StageEvents.Notes(Stage.SOURCE, stages.listener());
        return FolderLock.holding(place, waiting, () -> {
            KernelSource source = stages.run(Stage.SOURCE, progress -> {
                KernelSource found = tree.checkOut(id, place);
                return new StageEvents.Done<>(found, Verdict.PASS, found.identity());
            });
            stages.run(Stage.CONFIGURE, progress -> {
                if (builder == null) {
                    builder = places.builder().choose(spec.arch(), folder.id(), places.cache(), progress);
                }
                String summary = ConfigureStage.run(
                        source,
                        spec.arch(),
                        FarmRun.check(spec),
                        spec.options(),
                        builder,
                        places.cache(),
                        folder,
                        progress);
                return new StageEvents.Done<>(summary, Verdict.PASS, summary);
            });
            stages.run(Stage.COMPILE, progress -> {
                CompileStage.Result result = new CompileStage(
                                source,
                                folder.dotConfig(),
                                spec,
                                builder,
                                places.cache(),
                                new Estimates(places.cache()),
                                progress)
                        .run(folder.build());
                Build build = result.build();
                return new StageEvents.Done<>(
                        build,
                        Verdict.PASS,
                        build.release() + ", image " + build.imageSha256().substring(0, 12)
                                + (result.reused() ? ", reused: the same inputs were built before" : ""));
            });
            return new BisectRun.Built(folder.build(), spec.boot());
        });
    }

    @Override
    public List<String> suspects(String bad, Collection<String> good) throws IOException {
        return tree.suspects(bad, good);
    }

    @Override
    public List<String> mergeBases(String good, String bad) throws IOException {
        return tree.mergeBases(good, bad);
    }

    @Override
    public List<String> parents(String id) throws IOException {
        return tree.parents(id);
    }
}
