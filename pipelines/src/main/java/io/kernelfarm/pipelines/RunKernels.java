package io.kernelfarm.pipelines;

import io.kernelfarm.pipelines.bisect.BuildList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** The builds of runs that there are, each booted as the spec of its run says. Their id is their folder. */
final class RunKernels implements BisectRun.Kernels {

    private final BuildList list;

    RunKernels(BisectTask task) {
        this.list = new BuildList(task.builds());
    }

    @Override
    public BisectRecord.Suspect describe(String id) throws IOException {
        RunLayout run = new RunLayout(Path.of(id));
        String release =
                Files.exists(run.build().record()) ? Build.read(run.build()).release() : "";
        return new BisectRecord.Suspect(id, release, "", record(run).started().toString());
    }

    @Override
    public String quote(String id) throws IOException {
        String release = describe(id).title();
        return "run " + Path.of(id).getFileName() + (release.isEmpty() ? "" : " (" + release + ")");
    }

    @Override
    public BisectRun.Built build(String id, RunLayout folder, StageEvents stages) throws IOException {
        RunLayout run = new RunLayout(Path.of(id));
        Build build = Build.read(run.build());
        if (!Sha256.of(run.build().image()).equals(build.imageSha256())) {
            throw FarmException.usage("the image in " + run.build().root() + " is not the one that was built there");
        }
        return new BisectRun.Built(run.build(), record(run).spec().boot());
    }

    private static RunRecord record(RunLayout run) throws IOException {
        return Json.read(run.record(), RunRecord.class);
    }

    @Override
    public List<String> suspects(String bad, Collection<String> good) {
        return list.suspects(bad, good);
    }

    @Override
    public List<String> mergeBases(String good, String bad) {
        return list.mergeBases(good, bad);
    }

    @Override
    public List<String> parents(String id) {
        return list.parents(id);
    }
}
