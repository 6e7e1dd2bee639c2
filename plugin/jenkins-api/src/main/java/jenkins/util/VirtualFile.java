package jenkins.util;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.URI;
import java.net.URL;
import java.nio.file.OpenOption;

public abstract class VirtualFile implements Serializable {
    private static final long serialVersionUID = 1;

    public abstract VirtualFile child(String name);

    public abstract boolean isFile() throws IOException;

    public abstract long length() throws IOException;

    public InputStream open(OpenOption... openOptions) throws IOException {
        throw new UnsupportedOperationException();
    }

    public URL toExternalURL() throws IOException {
        throw new UnsupportedOperationException();
    }

    public abstract URI toURI();
}
