package io.kernelfarm.artifacts.dnf;

import io.kernelfarm.artifacts.StoredEntry;
import io.kernelfarm.artifacts.rpm.RpmHeader;
import io.kernelfarm.artifacts.rpm.RpmReader;
import io.kernelfarm.artifacts.rpm.RpmTag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a dnf repository tells of one package: its element in each of the three lists, in the form that createrepo_c and libsolv
 * ({@code ext/repo_rpmmd.c}) agree on.
 *
 * @param nevra name, epoch, version, release, architecture: what tells packages apart
 * @param pkgId the package's SHA-256, which ties the three elements together
 */
public record RpmMetadata(String nevra, String pkgId, String primary, String filelists, String other) {
    private static final Pattern EVR = Pattern.compile("(?:([0-9]+):)?([^-]*)(?:-(.*))?");

    private static final int CHANGES = 10;

    /** Files that are listed in the short list as well, because packages require them by path. */
    private static final Pattern PRIMARY_FILE = Pattern.compile("/etc/.*|.*bin/.*|/usr/lib/sendmail");

    /**
     * The package file's facts that are not in its header.
     *
     * @param location from the repository's root
     * @param modified seconds since 1970
     */
    record PackageFile(String location, String sha256, long size, long modified) {}

    static RpmMetadata of(PackageFile file, RpmReader.Headers headers, List<RpmReader.Listed> entries)
            throws IOException {
        RpmHeader header = headers.header();
        String name = header.string(RpmTag.NAME);
        String arch = header.string(RpmTag.ARCH);
        String version = "epoch=\"%s\" ver=\"%s\" rel=\"%s\""
                .formatted(
                        header.number(RpmTag.EPOCH),
                        Xml.escape(header.string(RpmTag.VERSION)),
                        Xml.escape(header.string(RpmTag.RELEASE)));
        String start = "<package pkgid=\"%s\" name=\"%s\" arch=\"%s\">\n  <version %s/>\n"
                .formatted(file.sha256(), Xml.escape(name), Xml.escape(arch), version);
        StringBuilder filelists = new StringBuilder(start);
        entries.forEach(entry -> appendFile(filelists, "  ", entry));
        filelists.append("</package>\n");
        return new RpmMetadata(
                nevra(name, version, arch),
                file.sha256(),
                primary(file, headers, entries, version),
                filelists.toString(),
                start + changelog(header) + "</package>\n");
    }

    /** The newest ten changes, oldest first, as createrepo_c lists them. */
    private static String changelog(RpmHeader header) throws IOException {
        List<Long> dates = header.numbers(RpmTag.CHANGELOG_TIME);
        List<String> authors = header.strings(RpmTag.CHANGELOG_NAME);
        List<String> texts = header.strings(RpmTag.CHANGELOG_TEXT);
        StringBuilder xml = new StringBuilder();
        for (int i = Math.min(CHANGES, Math.min(dates.size(), Math.min(authors.size(), texts.size()))) - 1;
                i >= 0;
                i--) {
            xml.append("  <changelog author=\"%s\" date=\"%s\">%s</changelog>\n"
                    .formatted(Xml.escape(authors.get(i)), dates.get(i), Xml.escape(texts.get(i))));
        }
        return xml.toString();
    }

    static String nevra(String name, String version, String arch) {
        return name + " " + version + " " + arch;
    }

    private static String primary(
            PackageFile file, RpmReader.Headers headers, List<RpmReader.Listed> entries, String version)
            throws IOException {
        RpmHeader header = headers.header();
        StringBuilder xml = new StringBuilder("<package type=\"rpm\">\n");
        element(xml, "name", header.string(RpmTag.NAME));
        element(xml, "arch", header.string(RpmTag.ARCH));
        xml.append("  <version ").append(version).append("/>\n");
        xml.append("  <checksum type=\"sha256\" pkgid=\"YES\">")
                .append(file.sha256())
                .append("</checksum>\n");
        element(xml, "summary", header.optionalString(RpmTag.SUMMARY).orElse(""));
        element(xml, "description", header.optionalString(RpmTag.DESCRIPTION).orElse(""));
        element(xml, "packager", header.optionalString(RpmTag.PACKAGER).orElse(""));
        element(xml, "url", header.optionalString(RpmTag.URL).orElse(""));
        xml.append("  <time file=\"%s\" build=\"%s\"/>\n".formatted(file.modified(), header.number(RpmTag.BUILD_TIME)));
        xml.append("  <size package=\"%s\" installed=\"%s\" archive=\"%s\"/>\n"
                .formatted(
                        file.size(),
                        header.number(RpmTag.LONG_SIZE, RpmTag.SIZE),
                        headers.signature().number(RpmTag.SIG_LONG_ARCHIVE_SIZE, RpmTag.SIG_PAYLOAD_SIZE)));
        xml.append("  <location href=\"").append(Xml.escape(file.location())).append("\"/>\n");
        xml.append("  <format>\n");
        element(xml, "  rpm:license", header.optionalString(RpmTag.LICENSE).orElse(""));
        element(xml, "  rpm:vendor", header.optionalString(RpmTag.VENDOR).orElse(""));
        element(xml, "  rpm:group", header.optionalString(RpmTag.GROUP).orElse(""));
        element(xml, "  rpm:buildhost", header.optionalString(RpmTag.BUILD_HOST).orElse(""));
        element(xml, "  rpm:sourcerpm", header.optionalString(RpmTag.SOURCE_RPM).orElse(""));
        xml.append("    <rpm:header-range start=\"%s\" end=\"%s\"/>\n"
                .formatted(headers.headerStart(), headers.headerStart() + header.bytes().length));
        relations(xml, header, "provides", RpmTag.PROVIDE_NAME, RpmTag.PROVIDE_FLAGS, RpmTag.PROVIDE_VERSION);
        relations(xml, header, "requires", RpmTag.REQUIRE_NAME, RpmTag.REQUIRE_FLAGS, RpmTag.REQUIRE_VERSION);
        relations(xml, header, "conflicts", RpmTag.CONFLICT_NAME, RpmTag.CONFLICT_FLAGS, RpmTag.CONFLICT_VERSION);
        relations(xml, header, "obsoletes", RpmTag.OBSOLETE_NAME, RpmTag.OBSOLETE_FLAGS, RpmTag.OBSOLETE_VERSION);
        relations(xml, header, "recommends", RpmTag.RECOMMEND_NAME, RpmTag.RECOMMEND_FLAGS, RpmTag.RECOMMEND_VERSION);
        relations(xml, header, "suggests", RpmTag.SUGGEST_NAME, RpmTag.SUGGEST_FLAGS, RpmTag.SUGGEST_VERSION);
        relations(
                xml, header, "supplements", RpmTag.SUPPLEMENT_NAME, RpmTag.SUPPLEMENT_FLAGS, RpmTag.SUPPLEMENT_VERSION);
        relations(xml, header, "enhances", RpmTag.ENHANCE_NAME, RpmTag.ENHANCE_FLAGS, RpmTag.ENHANCE_VERSION);
        for (RpmReader.Listed entry : entries) {
            if (PRIMARY_FILE.matcher(entry.entry().path().value()).matches()) {
                appendFile(xml, "    ", entry);
            }
        }
        return xml.append("  </format>\n</package>\n").toString();
    }

    private static void element(StringBuilder xml, String name, String text) {
        String tag = name.strip();
        xml.append("  ").append(name.replace(tag, "")).append('<').append(tag).append('>');
        xml.append(Xml.escape(text)).append("</").append(tag).append(">\n");
    }

    private static void appendFile(StringBuilder xml, String indent, RpmReader.Listed listed) {
        String type = "";
        if (listed.ghost()) {
            type = " type=\"ghost\"";
        } else if (listed.entry().type() == StoredEntry.Type.DIRECTORY) {
            type = " type=\"dir\"";
        }
        xml.append(indent).append("<file").append(type).append('>');
        xml.append(Xml.escape(listed.entry().path().value())).append("</file>\n");
    }

    private static void relations(
            StringBuilder xml, RpmHeader header, String element, int names, int flags, int versions)
            throws IOException {
        List<String> nameList = header.strings(names);
        List<Long> flagList = header.numbers(flags);
        List<String> versionList = header.strings(versions);
        // A package whose scripts need the same thing at several times names it several times; as createrepo_c does,
        // what
        // repeats the one before it is left out.
        List<String> inner = new ArrayList<>();
        Map<String, String> last = new HashMap<>();
        for (int i = 0; i < nameList.size(); i++) {
            // What rpm itself must be able to do is no package's business.
            if (!nameList.get(i).startsWith(RpmTag.RPMLIB_PREFIX)) {
                long flag = i < flagList.size() ? flagList.get(i) : 0;
                String version = i < versionList.size() ? versionList.get(i) : "";
                String entry = relation(nameList.get(i), (int) flag, version, element.equals("requires"));
                if (!entry.equals(last.put(nameList.get(i), entry))) {
                    inner.add(entry);
                }
            }
        }
        if (!inner.isEmpty()) {
            xml.append("    <rpm:%s>\n%s    </rpm:%s>\n".formatted(element, String.join("", inner), element));
        }
    }

    private static String relation(String name, int flags, String version, boolean requires) {
        StringBuilder xml = new StringBuilder("      <rpm:entry name=\"")
                .append(Xml.escape(name))
                .append('"');
        String sense =
                switch (flags & (RpmTag.SENSE_LESS | RpmTag.SENSE_GREATER | RpmTag.SENSE_EQUAL)) {
                    case RpmTag.SENSE_LESS -> "LT";
                    case RpmTag.SENSE_LESS | RpmTag.SENSE_EQUAL -> "LE";
                    case RpmTag.SENSE_EQUAL -> "EQ";
                    case RpmTag.SENSE_GREATER | RpmTag.SENSE_EQUAL -> "GE";
                    case RpmTag.SENSE_GREATER -> "GT";
                    default -> "";
                };
        Matcher evr = EVR.matcher(version);
        if (!sense.isEmpty() && evr.matches()) {
            xml.append(" flags=\"").append(sense).append('"');
            xml.append(" epoch=\"")
                    .append(evr.group(1) == null ? "0" : evr.group(1))
                    .append('"');
            xml.append(" ver=\"").append(Xml.escape(evr.group(2))).append('"');
            if (evr.group(3) != null) {
                xml.append(" rel=\"").append(Xml.escape(evr.group(3))).append('"');
            }
        }
        if (requires && (flags & (RpmTag.SENSE_PRE_REQ | RpmTag.SENSE_SCRIPT_PRE | RpmTag.SENSE_SCRIPT_POST)) != 0) {
            xml.append(" pre=\"1\"");
        }
        return xml.append("/>\n").toString();
    }
}
