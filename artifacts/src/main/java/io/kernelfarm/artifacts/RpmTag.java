package io.kernelfarm.artifacts;

/** Tag numbers of rpm's headers, as {@code rpmtag.h} of rpm 4 lists them. */
final class RpmTag {
    static final int HEADER_SIGNATURES = 62;
    static final int HEADER_IMMUTABLE = 63;
    static final int HEADER_I18N_TABLE = 100;
    static final int NAME = 1000;
    static final int VERSION = 1001;
    static final int RELEASE = 1002;
    static final int EPOCH = 1003;
    static final int SUMMARY = 1004;
    static final int DESCRIPTION = 1005;
    static final int BUILD_TIME = 1006;
    static final int BUILD_HOST = 1007;
    static final int SIZE = 1009;
    static final int VENDOR = 1011;
    static final int LICENSE = 1014;
    static final int PACKAGER = 1015;
    static final int GROUP = 1016;
    static final int URL = 1020;
    static final int OS = 1021;
    static final int ARCH = 1022;
    static final int PRE_IN = 1023;
    static final int POST_IN = 1024;
    static final int PRE_UN = 1025;
    static final int POST_UN = 1026;
    static final int FILE_SIZES = 1028;
    static final int FILE_MODES = 1030;
    static final int FILE_RDEVS = 1033;
    static final int FILE_MTIMES = 1034;
    static final int FILE_DIGESTS = 1035;
    static final int FILE_LINKTOS = 1036;
    static final int FILE_FLAGS = 1037;
    static final int FILE_USER_NAME = 1039;
    static final int FILE_GROUP_NAME = 1040;
    static final int SOURCE_RPM = 1044;
    static final int FILE_VERIFY_FLAGS = 1045;
    static final int PROVIDE_NAME = 1047;
    static final int REQUIRE_FLAGS = 1048;
    static final int REQUIRE_NAME = 1049;
    static final int REQUIRE_VERSION = 1050;
    static final int CONFLICT_FLAGS = 1053;
    static final int CONFLICT_NAME = 1054;
    static final int CONFLICT_VERSION = 1055;
    static final int RPM_VERSION = 1064;
    static final int PRE_IN_PROG = 1085;
    static final int POST_IN_PROG = 1086;
    static final int PRE_UN_PROG = 1087;
    static final int POST_UN_PROG = 1088;
    static final int OBSOLETE_NAME = 1090;
    static final int FILE_DEVICES = 1095;
    static final int FILE_INODES = 1096;
    static final int FILE_LANGS = 1097;
    static final int PROVIDE_FLAGS = 1112;
    static final int PROVIDE_VERSION = 1113;
    static final int OBSOLETE_FLAGS = 1114;
    static final int OBSOLETE_VERSION = 1115;
    static final int DIR_INDEXES = 1116;
    static final int BASE_NAMES = 1117;
    static final int DIR_NAMES = 1118;
    static final int PAYLOAD_FORMAT = 1124;
    static final int PAYLOAD_COMPRESSOR = 1125;
    static final int PAYLOAD_FLAGS = 1126;
    static final int POST_TRANS = 1152;
    static final int POST_TRANS_PROG = 1154;
    static final int FILE_DIGEST_ALGO = 5011;
    static final int RECOMMEND_NAME = 5046;
    static final int RECOMMEND_VERSION = 5047;
    static final int RECOMMEND_FLAGS = 5048;
    static final int LONG_FILE_SIZES = 5008;
    static final int LONG_SIZE = 5009;
    static final int SUGGEST_NAME = 5049;
    static final int SUGGEST_VERSION = 5050;
    static final int SUGGEST_FLAGS = 5051;
    static final int SUPPLEMENT_NAME = 5052;
    static final int SUPPLEMENT_VERSION = 5053;
    static final int SUPPLEMENT_FLAGS = 5054;
    static final int ENHANCE_NAME = 5055;
    static final int ENHANCE_VERSION = 5056;
    static final int ENHANCE_FLAGS = 5057;
    static final int ENCODING = 5062;
    static final int PAYLOAD_DIGEST = 5092;
    static final int PAYLOAD_DIGEST_ALGO = 5093;
    static final int PAYLOAD_DIGEST_ALT = 5097;

    /** Tags of the signature header have meanings of their own. */
    static final int SIG_SHA1 = 269;

    static final int SIG_LONG_SIZE = 270;
    static final int SIG_LONG_ARCHIVE_SIZE = 271;
    static final int SIG_SHA256 = 273;
    static final int SIG_SIZE = 1000;
    static final int SIG_MD5 = 1004;
    static final int SIG_PAYLOAD_SIZE = 1007;

    /** {@code PGPHASHALGO_SHA256}. */
    static final int SHA256_ALGORITHM = 8;

    /** {@code RPMFILE_GHOST}. */
    static final int FILE_IS_GHOST = 1 << 6;

    static final int SENSE_LESS = 1 << 1;
    static final int SENSE_GREATER = 1 << 2;
    static final int SENSE_EQUAL = 1 << 3;
    static final int SENSE_POST_TRANS = 1 << 5;
    static final int SENSE_PRE_REQ = 1 << 6;
    static final int SENSE_INTERPRETER = 1 << 8;
    static final int SENSE_SCRIPT_PRE = 1 << 9;
    static final int SENSE_SCRIPT_POST = 1 << 10;
    static final int SENSE_SCRIPT_PRE_UN = 1 << 11;
    static final int SENSE_SCRIPT_POST_UN = 1 << 12;
    static final int SENSE_RPMLIB = 1 << 24;

    static final String RPMLIB_PREFIX = "rpmlib(";

    private RpmTag() {}
}
