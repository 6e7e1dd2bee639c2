package io.kernelfarm.pipelines.source;

import io.kernelfarm.bootmatrix.FileTrees;
import io.kernelfarm.pipelines.CacheLayout;
import io.kernelfarm.pipelines.Command;
import io.kernelfarm.pipelines.Disk;
import io.kernelfarm.pipelines.FarmException;
import io.kernelfarm.pipelines.FolderLock;
import io.kernelfarm.pipelines.GitTree;
import io.kernelfarm.pipelines.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the cache has of a repository: bare, and only the commits that were asked for, unless the server gives no single one. git
 * runs with the user's own settings for the network, without hooks, and with nothing but the protocols that are known to run no
 * program of the repository's choice.
 */
final class GitMirror {

    /** What of the environment tells how the network is reached. */
    private static final List<String> NETWORK = List.of(
            "http_proxy",
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
            "ALL_PROXY",
            "no_proxy",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "GIT_SSL_CAINFO",
            "GIT_SSL_CAPATH",
            "SSH_AUTH_SOCK",
            "GIT_SSH_COMMAND",
            "XDG_CONFIG_HOME");

    private final Location url;
    private final Path place;
    private final Progress progress;

    GitMirror(Location url, CacheLayout cache, Progress progress) {
        this.url = url;
        this.place = cache.mirror(url.isUrl() ? url.address() : url.path().toString());
        this.progress = progress;
    }

    /** Whether it is a commit's full id, of SHA-1 or SHA-256. */
    static boolean isId(String commit) {
        return commit.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    /** Work with a repository. */
    interface Work {
        void on(GitTree tree) throws IOException;
    }

    /**
     * The commit that a tag, or else a branch, stands for now.
     *
     * @throws FarmException wrong usage, if there is neither
     */
    String resolve(String name) throws IOException {
        List<String> names = List.of("refs/tags/" + name + "^{}", "refs/tags/" + name, "refs/heads/" + name);
        progress.at(-1, "asking " + url + " for " + name);
        Command.Result result = git("ls-remote")
                .and("--", source())
                .and(names.toArray(String[]::new))
                .run();
        if (result.exit() != 0) {
            throw failure(result);
        }
        Map<String, String> found = new LinkedHashMap<>();
        result.output().lines().map(line -> line.split("\t", 2)).forEach(pair -> found.put(pair[1], pair[0]));
        return names.stream()
                .filter(found::containsKey)
                .map(found::get)
                .filter(GitMirror::isId)
                .findFirst()
                .orElseThrow(() -> FarmException.usage("'source.commit' is '" + name + "', and " + url
                        + " has no tag or branch of that name; a commit's id is wanted with all its digits"));
    }

    /**
     * Does {@code work} with a repository that has the commit {@code id}, which is fetched if it is missing.
     *
     * @throws FarmException wrong usage if the repository has no such commit, else the farm's fault
     */
    void with(String id, Work work) throws IOException {
        FolderLock.holding(place, progress, () -> {
            if (has(id)) {
                try {
                    work.on(GitTree.at(place));
                    return id;
                } catch (FarmException e) {
                    if (e.blame() != FarmException.Blame.FARM) {
                        throw e;
                    }
                    progress.note(place + " is damaged (" + e.getMessage() + "): fetching anew");
                }
                FileTrees.delete(place);
            }
            fetch(id);
            work.on(GitTree.at(place));
            return id;
        });
    }

    private boolean has(String id) throws IOException {
        return Files.isDirectory(place)
                && git("cat-file", "-e", id + "^{tree}").run().exit() == 0;
    }

    private void fetch(String id) throws IOException {
        progress.at(-1, "fetching " + GitTree.shortened(id) + " from " + url);
        Files.createDirectories(place);
        Command.of("git", "init", "--quiet", "--bare", "--template=", place.toString())
                .withOwnEnvironment()
                .output();
        Command.Result result = fetch("--depth=1", id + ":refs/farm/" + id);
        if (result.exit() != 0 && result.errors().contains(".lock")) {
            progress.note("a farm was stopped while it fetched from " + url + ": fetching anew");
            FileTrees.delete(place);
            fetch(id);
            return;
        }
        if (result.exit() != 0 && isRefusal(result.errors())) {
            progress.note(url + " gives no single commit: fetching all branches and tags");
            result = fetch("+refs/heads/*:refs/farm/heads/*", "+refs/tags/*:refs/farm/tags/*");
        }
        if (result.exit() != 0) {
            throw failure(result);
        }
        if (!has(id)) {
            throw unknown(id);
        }
    }

    private static boolean isRefusal(String errors) {
        return errors.contains("not our ref")
                || errors.contains("unadvertised object")
                || errors.contains("shallow")
                || errors.contains("couldn't find remote ref");
    }

    private Command.Result fetch(String... words) throws IOException {
        Stream<String> all = Stream.concat(
                Stream.of(
                        "--quiet",
                        "--no-tags",
                        "--no-write-fetch-head",
                        "--no-recurse-submodules",
                        "--no-auto-maintenance"),
                Stream.of(words).filter(word -> word.startsWith("--")));
        return git("fetch")
                .and(all.toArray(String[]::new))
                .and("--", source())
                .and(Stream.of(words).filter(word -> !word.startsWith("--")).toArray(String[]::new))
                .run();
    }

    private String source() {
        if (url.isUrl()) {
            return url.address();
        }
        if (!Files.isDirectory(url.path())) {
            throw FarmException.usage(
                    "'source.git' is " + url + ", and there is no folder " + url.path()
                            + "; a path in a spec is looked for from the spec's folder, and a server's is written ssh://HOST/PATH");
        }
        return url.path().toString();
    }

    private Command git(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "git",
                "-c",
                "core.hooksPath=/dev/null",
                "-c",
                "http.lowSpeedLimit=100",
                "-c",
                "http.lowSpeedTime=60",
                "-c",
                "protocol.version=2"));
        if (url.credentials().isPresent() && url.address().startsWith("http")) {
            // Other users can see a program's words, but not its environment.
            all.addAll(
                    List.of(
                            "-c",
                            "credential.helper=",
                            "-c",
                            "credential.helper=!f() { echo \"username=$KERNEL_FARM_USER\"; echo \"password=$KERNEL_FARM_PASSWORD\"; }; f"));
        }
        Command command = Command.of(all.toArray(String[]::new))
                .and(words)
                .withOwnEnvironment()
                .with("GIT_DIR", place.toString())
                .with("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file")
                .with("GIT_TERMINAL_PROMPT", "0");
        url.credentials().ifPresent(one -> command.with("KERNEL_FARM_USER", one.user())
                .with("KERNEL_FARM_PASSWORD", one.password()));
        command.with("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        NETWORK.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> command.with(name, System.getenv(name)));
        return command;
    }

    private FarmException unknown(String id) {
        return FarmException.usage(
                "'source.commit' is " + id + ", and " + url + " has no such commit; correct one of them");
    }

    private FarmException failure(Command.Result result) {
        String said = result.errors();
        if (said.contains(Disk.FULL)) {
            return Disk.full(place);
        }
        String words = said.lines()
                .filter(line -> line.matches("(fatal|error|remote): .*"))
                .findFirst()
                .orElse("");
        String reason = words.isEmpty() ? result.lastWords() : words.replaceFirst("^(fatal|error|remote): ", "");
        if ((said.contains("not found") && !said.contains("resolve"))
                || said.contains("does not appear to be a git repository")) {
            return FarmException.usage(
                    "there is no git repository at " + url + " (git says: " + reason + "); correct 'source.git'");
        }
        return FarmException.farm("git cannot fetch from " + url + " (" + reason
                + "); check the network and what git needs to log in there, then try again");
    }
}
