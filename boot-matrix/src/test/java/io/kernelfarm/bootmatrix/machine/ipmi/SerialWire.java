package io.kernelfarm.bootmatrix.machine.ipmi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The wire between a server's serial port and its BMC, which is there whether or not the server is on. Left to themselves,
 * {@code ipmi_sim} looks for the emulator's end only every 10 s, and no more at all after some power cycles.
 */
final class SerialWire implements AutoCloseable {

    private final ServerSocket machine;
    private final ServerSocket bmc;
    private Socket ofMachine;
    private Socket ofBmc;

    private SerialWire(ServerSocket machine, ServerSocket bmc) {
        this.machine = machine;
        this.bmc = bmc;
    }

    static SerialWire lay() throws IOException {
        SerialWire wire = new SerialWire(
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress()),
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        wire.attend(wire.machine);
        wire.attend(wire.bmc);
        return wire;
    }

    int machineEnd() {
        return machine.getLocalPort();
    }

    int bmcEnd() {
        return bmc.getLocalPort();
    }

    private void attend(ServerSocket end) {
        Thread thread = new Thread(
                () -> {
                    while (!end.isClosed()) {
                        try (Socket socket = end.accept()) {
                            plugged(end, socket);
                            copy(end, socket.getInputStream());
                        } catch (IOException e) {
                            // Unplugged: whoever comes next is waited for.
                        }
                    }
                },
                "serial-wire");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void plugged(ServerSocket end, Socket socket) {
        if (end == machine) {
            ofMachine = socket;
        } else {
            ofBmc = socket;
        }
    }

    private synchronized Socket other(ServerSocket end) {
        return end == machine ? ofBmc : ofMachine;
    }

    private void copy(ServerSocket end, InputStream in) throws IOException {
        byte[] buffer = new byte[4096];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            Socket other = other(end);
            if (other == null) {
                continue; // What nobody listens to is lost, as on any wire.
            }
            try {
                OutputStream out = other.getOutputStream();
                out.write(buffer, 0, read);
            } catch (IOException e) {
                // The same.
            }
        }
    }

    @Override
    public void close() throws IOException {
        machine.close();
        bmc.close();
    }
}
