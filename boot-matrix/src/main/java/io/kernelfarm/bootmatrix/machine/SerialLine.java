package io.kernelfarm.bootmatrix.machine;

/**
 * A serial line of a PC.
 *
 * @param number 1 for COM1
 * @param baud bits per second
 */
public record SerialLine(int number, int baud) {

    /** What a PC has if it has one. */
    public static final SerialLine FIRST = new SerialLine(1, 115200);

    /** On the command line of Linux (Documentation/admin-guide/serial-console.rst). */
    public String linux() {
        return "console=ttyS" + (number - 1) + "," + baud;
    }

    /** On the command line of Xen (docs/misc/xen-command-line.pandoc), which knows two of them. */
    public String xen() {
        return "console=com" + number + " com" + number + "=" + baud + ",8n1";
    }
}
