package io.kernelfarm.pipelines.serve;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A request for a file, and the answer to it, in whichever server they are. */
public interface FileExchange {

    /** GET, HEAD and so on. */
    String method();

    /** All values that the client sent of a header; none if it did not send it. */
    List<String> asked(String header);

    /** Sets a header of the answer. */
    void set(String header, String value);

    /**
     * Begins the answer. To HEAD none but the headers are sent.
     *
     * @param length of the body in bytes; 0 if there is none, -1 if that is not known before its end
     */
    void begin(int status, long length) throws IOException;

    /** Where the body is written to after {@link #begin}; closing it ends the answer. */
    OutputStream body() throws IOException;
}
