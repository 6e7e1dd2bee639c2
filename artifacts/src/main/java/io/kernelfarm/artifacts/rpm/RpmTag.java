package io.kernelfarm.artifacts.rpm;

/** Tag numbers of rpm's headers, as {@code rpmtag.h} of rpm 4 lists them. */
public final class RpmTag {
    public static final int HEADER_SIGNATURES = 62;
    public static final int HEADER_IMMUTABLE = 63;
    public static final int HEADER_I18N_TABLE = 100;
    public static final int NAME = 1000;
    public static final int VERSION = 1001;
    public static final int RELEASE = 1002;
    public static final int EPOCH = 1003;
    public static final int SUMMARY = 1004;
    public static final int DESCRIPTION = 1005;
    public static final int BUILD_TIME = 1006;
    public static final int BUILD_HOST = 1007;
    public static final int SIZE = 1009;
    public static final int VENDOR = 1011;
    public static final int LICENSE = 1014;
    public static final int PACKAGER = 1015;
    public static final int GROUP = 1016;
    public static final int URL = 1020;
    public static final int OS = 1021;
    public static final int ARCH = 1022;
    public static final int PRE_IN = 1023;
    public static final int POST_IN = 1024;
    public static final int PRE_UN = 1025;
    public static final int POST_UN = 1026;
    public static final int FILE_SIZES = 1028;
    public static final int FILE_MODES = 1030;
    public static final int FILE_RDEVS = 1033;
    public static final int FILE_MTIMES = 1034;
    public static final int FILE_DIGESTS = 1035;
    public static final int FILE_LINKTOS = 1036;
    public static final int FILE_FLAGS = 1037;
    public static final int FILE_USER_NAME = 1039;
    public static final int FILE_GROUP_NAME = 1040;
    public static final int SOURCE_RPM = 1044;
    public static final int FILE_VERIFY_FLAGS = 1045;
    public static final int PROVIDE_NAME = 1047;
    public static final int REQUIRE_FLAGS = 1048;
    public static final int REQUIRE_NAME = 1049;
    public static final int REQUIRE_VERSION = 1050;
    public static final int CONFLICT_FLAGS = 1053;
    public static final int CONFLICT_NAME = 1054;
    public static final int CONFLICT_VERSION = 1055;
    public static final int RPM_VERSION = 1064;
    public static final int CHANGELOG_TIME = 1080;
    public static final int CHANGELOG_NAME = 1081;
    public static final int CHANGELOG_TEXT = 1082;
    public static final int PRE_IN_PROG = 1085;
    public static final int POST_IN_PROG = 1086;
    public static final int PRE_UN_PROG = 1087;
    public static final int POST_UN_PROG = 1088;
    public static final int OBSOLETE_NAME = 1090;
    public static final int FILE_DEVICES = 1095;
    public static final int FILE_INODES = 1096;
    public static final int FILE_LANGS = 1097;
    public static final int PROVIDE_FLAGS = 1112;
    public static final int PROVIDE_VERSION = 1113;
    public static final int OBSOLETE_FLAGS = 1114;
    public static final int OBSOLETE_VERSION = 1115;
    public static final int DIR_INDEXES = 1116;
    public static final int BASE_NAMES = 1117;
    public static final int DIR_NAMES = 1118;
    public static final int PAYLOAD_FORMAT = 1124;
    public static final int PAYLOAD_COMPRESSOR = 1125;
    public static final int PAYLOAD_FLAGS = 1126;
    public static final int POST_TRANS = 1152;
    public static final int POST_TRANS_PROG = 1154;
    public static final int FILE_DIGEST_ALGO = 5011;
    public static final int RECOMMEND_NAME = 5046;
    public static final int RECOMMEND_VERSION = 5047;
    public static final int RECOMMEND_FLAGS = 5048;
    public static final int LONG_FILE_SIZES = 5008;
    public static final int LONG_SIZE = 5009;
    public static final int SUGGEST_NAME = 5049;
    public static final int SUGGEST_VERSION = 5050;
    public static final int SUGGEST_FLAGS = 5051;
    public static final int SUPPLEMENT_NAME = 5052;
    public static final int SUPPLEMENT_VERSION = 5053;
    public static final int SUPPLEMENT_FLAGS = 5054;
    public static final int ENHANCE_NAME = 5055;
    public static final int ENHANCE_VERSION = 5056;
    public static final int ENHANCE_FLAGS = 5057;
    public static final int ENCODING = 5062;
    public static final int PAYLOAD_DIGEST = 5092;
    public static final int PAYLOAD_DIGEST_ALGO = 5093;
    public static final int PAYLOAD_DIGEST_ALT = 5097;

    /** Tags of the signature header have meanings of their own. */
    public static final int SIG_DSA = 267;

    public static final int SIG_RSA = 268;
    public static final int SIG_SHA1 = 269;

    public static final int SIG_LONG_SIZE = 270;
    public static final int SIG_LONG_ARCHIVE_SIZE = 271;
    public static final int SIG_SHA256 = 273;
    public static final int SIG_SIZE = 1000;
    public static final int SIG_PGP = 1002;
    public static final int SIG_MD5 = 1004;
    public static final int SIG_GPG = 1005;
    public static final int SIG_PAYLOAD_SIZE = 1007;
    public static final int SIG_RESERVED_SPACE = 1008;

    /** {@code PGPHASHALGO_SHA256}. */
    public static final int SHA256_ALGORITHM = 8;

    /** {@code RPMFILE_GHOST}. */
    public static final int FILE_IS_GHOST = 1 << 6;

    public static final int SENSE_LESS = 1 << 1;
    public static final int SENSE_GREATER = 1 << 2;
    public static final int SENSE_EQUAL = 1 << 3;
    public static final int SENSE_POST_TRANS = 1 << 5;
    public static final int SENSE_PRE_REQ = 1 << 6;
    public static final int SENSE_INTERPRETER = 1 << 8;
    public static final int SENSE_SCRIPT_PRE = 1 << 9;
    public static final int SENSE_SCRIPT_POST = 1 << 10;
    public static final int SENSE_SCRIPT_PRE_UN = 1 << 11;
    public static final int SENSE_SCRIPT_POST_UN = 1 << 12;
    public static final int SENSE_RPMLIB = 1 << 24;

    public static final String RPMLIB_PREFIX = "rpmlib(";

    private RpmTag() {}
}
