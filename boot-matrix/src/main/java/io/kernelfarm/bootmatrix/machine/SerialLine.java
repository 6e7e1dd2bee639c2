package io.kernelfarm.bootmatrix.machine;

/**
 * A machine's serial line.
 *
 * @param linux on the command line of Linux (Documentation/admin-guide/serial-console.rst)
 * @param xen on the command line of Xen (docs/misc/xen-command-line.pandoc)
 */
public record SerialLine(String linux, String xen) {

    /** What a PC has if it has one. */
    public static final SerialLine FIRST = com(1, 115200);

    /** The PL011 of an arm64 machine; its speed is the firmware's affair, and an emulated one has none. */
    public static final SerialLine PL011 = new SerialLine("console=ttyAMA0", "console=dtuart");

    /**
     * A serial line of a PC.
     *
     * @param number 1 for COM1; Xen knows two of them
     * @param baud bits per second
     */
    public static SerialLine com(int number, int baud) {
        return new SerialLine(
                "console=ttyS" + (number - 1) + "," + baud,
                "console=com" + number + " com" + number + "=" + baud + ",8n1");
    }
}
