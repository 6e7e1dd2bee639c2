#!/bin/sh
set -e
release=@release@

case "$1" in
    install | upgrade)
        if [ -d /etc/kernel/preinst.d ]; then
            DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error \
                --arg="$release" --arg="/boot/vmlinuz-$release" /etc/kernel/preinst.d
        fi
        ;;
esac
