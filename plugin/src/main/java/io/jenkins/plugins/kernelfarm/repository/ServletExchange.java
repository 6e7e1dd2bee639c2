package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.pipelines.serve.FileExchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;

/** A request to Jenkins, and the answer to it. */
public record ServletExchange(HttpServletRequest request, HttpServletResponse response) implements FileExchange {
    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public List<String> asked(String header) {
        return Collections.list(request.getHeaders(header));
    }

    @Override
    public void set(String header, String value) {
        response.setHeader(header, value);
    }

    @Override
    public void begin(int status, long length) {
        response.setStatus(status);
        if (length >= 0 && status != HttpServletResponse.SC_NOT_MODIFIED) {
            response.setContentLengthLong(length);
        }
    }

    @Override
    public OutputStream body() throws IOException {
        return response.getOutputStream();
    }
}
