import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.BuildListener;
import hudson.model.Run;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import jenkins.model.ArtifactManager;
import jenkins.model.ArtifactManagerFactory;
import jenkins.model.ArtifactManagerFactoryDescriptor;
import jenkins.util.VirtualFile;

/** Keeps artifacts in a folder that is no part of Jenkins' home, and says neither that nor what files are in there. */
public final class ElsewhereArtifacts extends ArtifactManagerFactory {
    /** Where that is. */
    public static String folder;

    /** Where somebody else serves the folder; null if they come through Jenkins. */
    public static String url;

    @Override
    public ArtifactManager managerFor(Run<?, ?> build) {
        return new Manager(build.getExternalizableId().replace('#', '-'));
    }

    /** Nothing to set. */
    @Extension
    public static final class DescriptorImpl extends ArtifactManagerFactoryDescriptor {
        @Override
        public String getDisplayName() {
            return "elsewhere";
        }
    }

    /** Those of one build. */
    public static final class Manager extends ArtifactManager {
        private final String name;

        Manager(String name) {
            this.name = name;
        }

        @Override
        public void onLoad(Run<?, ?> build) {}

        @Override
        public void archive(FilePath workspace, Launcher launcher, BuildListener log, Map<String, String> artifacts)
                throws IOException, InterruptedException {
            FilePath place = new FilePath(new File(folder, name));
            for (Map.Entry<String, String> one : artifacts.entrySet()) {
                workspace.child(one.getValue()).copyTo(place.child(one.getKey()));
            }
        }

        @Override
        public boolean delete() throws IOException, InterruptedException {
            new FilePath(new File(folder, name)).deleteRecursive();
            return true;
        }

        @Override
        public VirtualFile root() {
            return new Remote(name);
        }
    }

    private static final class Remote extends VirtualFile {
        private final String path;

        Remote(String path) {
            this.path = path;
        }

        private File file() {
            return new File(folder, path);
        }

        @Override
        public String getName() {
            return file().getName();
        }

        @Override
        public URI toURI() {
            return URI.create("elsewhere:/" + path);
        }

        @Override
        public URL toExternalURL() throws IOException {
            return url == null ? null : new URL(url + path);
        }

        @Override
        public VirtualFile getParent() {
            return new Remote(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        }

        @Override
        public boolean isDirectory() {
            return file().isDirectory();
        }

        @Override
        public boolean isFile() {
            return file().isFile();
        }

        @Override
        public boolean exists() {
            return file().exists();
        }

        @Override
        public VirtualFile[] list() {
            String[] names = file().list();
            VirtualFile[] all = new VirtualFile[names == null ? 0 : names.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = child(names[i]);
            }
            return all;
        }

        @Override
        public VirtualFile child(String name) {
            return new Remote(path + "/" + name);
        }

        @Override
        public long length() {
            return file().length();
        }

        @Override
        public long lastModified() {
            return file().lastModified();
        }

        @Override
        public boolean canRead() {
            return file().canRead();
        }

        @Override
        public InputStream open() throws IOException {
            if (!isFile()) {
                throw new FileNotFoundException(path);
            }
            return new FileInputStream(file());
        }
    }
}
