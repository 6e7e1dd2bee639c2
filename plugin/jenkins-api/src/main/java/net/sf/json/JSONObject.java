package net.sf.json;

public final class JSONObject {
    public JSONObject() {}

    public JSONObject getJSONObject(String key) {
        throw new UnsupportedOperationException();
    }
}
