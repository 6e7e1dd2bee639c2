package hudson.model;

import java.io.PrintStream;
import java.io.PrintWriter;

public interface TaskListener {
    default PrintWriter error(String msg) {
        throw new UnsupportedOperationException();
    }

    PrintStream getLogger();
}
