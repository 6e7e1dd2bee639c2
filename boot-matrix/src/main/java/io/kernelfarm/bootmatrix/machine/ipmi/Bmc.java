package io.kernelfarm.bootmatrix.machine.ipmi;

/**
 * The way to a BMC.
 *
 * @param machine the name by which people know the machine
 * @param host name or address of the BMC
 * @param port UDP port, 623 as a rule
 */
public record Bmc(String machine, String host, int port, String user, Password password) {

    @Override
    public String toString() {
        return "BMC at " + host + ":" + port;
    }
}
