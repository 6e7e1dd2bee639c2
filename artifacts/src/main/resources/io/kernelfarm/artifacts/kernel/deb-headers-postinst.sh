#!/bin/sh
set -e
release=@release@

[ "$1" = configure ] || exit 0

# dkms builds its modules.
if [ -d /etc/kernel/header_postinst.d ]; then
    DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error --arg="$release" /etc/kernel/header_postinst.d
fi
