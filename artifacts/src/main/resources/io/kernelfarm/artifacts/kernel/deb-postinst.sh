#!/bin/sh
set -e
release=@release@

case "$1" in
    configure) ;;
    triggered)
        # Another package brought modules for this kernel, or took some away.
        depmod "$release"
        exit 0
        ;;
    *) exit 0 ;;
esac

depmod "$release"

# The links /vmlinuz and /initrd.img, where linux-base cares for them. It has a version as second argument if one was
# configured before.
if command -v linux-update-symlinks >/dev/null; then
    change=install
    [ -z "$2" ] || change=upgrade
    linux-update-symlinks "$change" "$release" "/boot/vmlinuz-$release"
fi

# initramfs, boot loader, dkms, …
if [ -d /etc/kernel/postinst.d ]; then
    DEB_MAINT_PARAMS="$*" run-parts --report --exit-on-error \
        --arg="$release" --arg="/boot/vmlinuz-$release" /etc/kernel/postinst.d
fi
