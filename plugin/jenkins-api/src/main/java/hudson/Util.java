package hudson;

public class Util {
    private Util() {}

    public static String[] tokenize(String s) {
        throw new UnsupportedOperationException();
    }
}
