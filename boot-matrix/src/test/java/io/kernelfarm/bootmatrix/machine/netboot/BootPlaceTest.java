package io.kernelfarm.bootmatrix.machine.netboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kernelfarm.bootmatrix.machine.BootMedia;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootPlaceTest {

    private static final Optional<BootMedia.Hypervisor> NONE = Optional.empty();

    @TempDir
    private Path folder;

    private Path kernel;
    private Path initrd;
    private Path xen;

    @BeforeEach
    void writeFiles() throws IOException {
        kernel = Files.writeString(folder.resolve("kernel"), "the kernel");
        initrd = Files.writeString(folder.resolve("initrd"), "the initramfs");
        xen = Files.writeString(folder.resolve("hypervisor"), "the hypervisor");
    }

    private BootMedia media(String cmdline, Optional<BootMedia.Hypervisor> hypervisor) {
        return new BootMedia(kernel, cmdline, initrd, hypervisor, List.of(), 64);
    }

    @Test
    void theScriptBootsAKernelOrXenAndProtectsWhatIpxeTakesForItsOwn() throws IOException {
        assertThat(BootFiles.script(media("console=ttyS0,115200 a=\"b c\" d&&e", NONE)))
                .isEqualTo(
                        "#!ipxe\nkernel vmlinuz console=ttyS0,115200 a=\\\"b c\\\" d\\&\\&e\ninitrd initrd.gz\nboot\n");
        assertThat(BootFiles.script(
                        media("console=hvc0", Optional.of(new BootMedia.Hypervisor(xen, "com1=115200,8n1")))))
                .isEqualTo("#!ipxe\nkernel xen com1=115200,8n1\nmodule vmlinuz console=hvc0\nmodule initrd.gz\nboot\n");
        assertThatThrownBy(() -> BootFiles.script(media("a=${b}", NONE)))
                .isInstanceOf(IOException.class)
                .hasMessage("iPXE would replace the '${' of the command line 'a=${b}'; leave it out");
    }

    @Test
    void aFolderHasTheFilesWhileTheMachineIsOn() throws IOException {
        Path served = Files.createDirectory(folder.resolve("tftp"));
        Path others = Files.writeString(served.resolve("readme"), "not the farm's");
        BootMedia media = media("quiet", Optional.of(new BootMedia.Hypervisor(xen, "")));
        try (BootPlace.Offer offer = new BootFolder(served).offer(media)) {
            assertThat(offer).isNotNull();
            assertThat(served.resolve("boot.ipxe")).content().contains("module vmlinuz quiet");
            assertThat(served.resolve("vmlinuz")).hasContent("the kernel");
            assertThat(served.resolve("initrd.gz")).hasContent("the initramfs");
            assertThat(served.resolve("xen")).hasContent("the hypervisor");
        }
        try (Stream<Path> left = Files.list(served)) {
            assertThat(left).containsExactly(others);
        }
        assertThatThrownBy(() -> new BootFolder(folder.resolve("none")).offer(media))
                .isInstanceOf(IOException.class)
                .hasMessage("boot files cannot be written to " + folder.resolve("none")
                        + "; make that folder where the TFTP or web server serves it, and let the farm write to it");
    }

    @Test
    void theFarmServesTheFilesWhileTheMachineIsOnAndNothingElse() throws Exception {
        InetSocketAddress address;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        String url = "http://127.0.0.1:" + address.getPort() + "/";
        try (BootPlace.Offer offer = new BootServer(address).offer(media("quiet", NONE))) {
            assertThat(offer).isNotNull();
            assertThat(get(url + "boot.ipxe").body()).contains("kernel vmlinuz quiet");
            assertThat(get(url + "vmlinuz").body()).isEqualTo("the kernel");
            assertThat(get(url + "initrd.gz").body()).isEqualTo("the initramfs");
            assertThat(get(url + "xen").statusCode()).isEqualTo(404);
            assertThat(get(url + "../kernel").statusCode()).isEqualTo(404);
            assertThatThrownBy(() -> new BootServer(address).offer(media("quiet", NONE)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("boot files cannot be served at ")
                    .hasMessageEndingWith("; name an address of this machine and a port that is free");
        }
        assertThatThrownBy(() -> get(url + "boot.ipxe")).isInstanceOf(IOException.class);
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
