package io.jenkins.plugins.kernelfarm.repository;

import io.kernelfarm.artifacts.kernel.KernelPackages;
import io.kernelfarm.pipelines.ChannelContents;

/** What people type to install a kernel. */
final class Snippets {
    private Snippets() {}

    static String apt(String url, String channel, ChannelContents.Kernel kernel) {
        String file = "kernel-farm-" + channel + ".sources";
        return """
                curl -fsS %1$s/%2$s |
                  sudo tee /etc/apt/sources.list.d/%2$s
                sudo apt update && sudo apt install %3$s
                """.formatted(url, file, KernelPackages.debImagePackage(kernel.release()));
    }

    static String dnf(String url, String channel, ChannelContents.Kernel kernel) {
        String file = "kernel-farm-" + channel + ".repo";
        return """
                curl -fsS %1$s/%2$s |
                  sudo tee /etc/yum.repos.d/%2$s
                sudo dnf install %3$s
                """.formatted(url, file, kernel.rpm());
    }
}
