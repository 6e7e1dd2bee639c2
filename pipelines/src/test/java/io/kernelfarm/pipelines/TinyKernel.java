package io.kernelfarm.pipelines;

import io.kernelfarm.configs.Base;
import io.kernelfarm.configs.Fragment;
import io.kernelfarm.configs.Profile;
import java.util.List;

/** The smallest kernel of 64 bits that says something and has a module: {@code lib/crc16.ko}. */
final class TinyKernel {

    private TinyKernel() {}

    static Profile profile() {
        return new Profile(
                "tiny",
                "Hardly a kernel.",
                Base.ALLNOCONFIG,
                List.of(Fragment.parse("tiny", "CONFIG_64BIT=y\nCONFIG_MODULES=y\nCONFIG_PRINTK=y\nCONFIG_CRC16=m\n")));
    }
}
