#!/bin/sh
set -e
release=@release@

[ "$1" = remove ] || exit 0

# Asks before the running kernel goes.
if command -v linux-check-removal >/dev/null; then
    linux-check-removal "$release"
fi

if [ -d /etc/kernel/prerm.d ]; then
    DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error \
        --arg="$release" --arg="/boot/vmlinuz-$release" /etc/kernel/prerm.d
fi
