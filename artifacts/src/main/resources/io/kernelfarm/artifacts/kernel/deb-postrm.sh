#!/bin/sh
set -e
release=@release@

if [ "$1" != upgrade ] && command -v linux-update-symlinks >/dev/null; then
    linux-update-symlinks remove "$release" "/boot/vmlinuz-$release"
fi

if [ -d /etc/kernel/postrm.d ]; then
    DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error \
        --arg="$release" --arg="/boot/vmlinuz-$release" /etc/kernel/postrm.d
fi

# What depmod made; dpkg does not know of it. Modules that somebody else put there stay.
case "$1" in
    remove | purge | disappear)
        for made in alias alias.bin builtin.alias.bin builtin.bin dep dep.bin devname softdep symbols symbols.bin weakdep; do
            rm -f "/lib/modules/$release/modules.$made"
        done
        rmdir "/lib/modules/$release" 2>/dev/null || true
        ;;
esac
