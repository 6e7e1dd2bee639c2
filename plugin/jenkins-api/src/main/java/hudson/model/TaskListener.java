package hudson.model;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Serializable;

public interface TaskListener extends Serializable {
    default PrintWriter error(String msg) {
        throw new UnsupportedOperationException();
    }

    PrintStream getLogger();
}
