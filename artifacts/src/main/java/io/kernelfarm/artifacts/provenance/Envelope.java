package io.kernelfarm.artifacts.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kernelfarm.artifacts.openpgp.SigningKey;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/**
 * DSSE 1.0: a payload and a signature over both the payload and what kind of payload it is. The signature is
 * RSASSA-PKCS1-v1_5 with SHA-256, and its {@code keyid}, a mere hint, the OpenPGP fingerprint of the key.
 */
final class Envelope {
    private Envelope() {}

    /** The envelope as one line of JSON, its line feed included. */
    static byte[] sealed(String payloadType, byte[] payload, SigningKey key) {
        Base64.Encoder base64 = Base64.getEncoder();
        ObjectNode envelope = Json.object();
        envelope.put("payload", base64.encodeToString(payload));
        envelope.put("payloadType", payloadType);
        envelope.putArray("signatures")
                .addObject()
                .put("keyid", key.fingerprint())
                .put("sig", base64.encodeToString(key.sign(signed(payloadType, payload))));
        return (envelope + "\n").getBytes(UTF_8);
    }

    /** What is signed: DSSE's "pre-authentication encoding". Lengths are of bytes, in decimal digits. */
    static byte[] signed(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(UTF_8);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes(("DSSEv1 " + type.length + " ").getBytes(UTF_8));
        signed.writeBytes(type);
        signed.writeBytes((" " + payload.length + " ").getBytes(UTF_8));
        signed.writeBytes(payload);
        return signed.toByteArray();
    }
}
