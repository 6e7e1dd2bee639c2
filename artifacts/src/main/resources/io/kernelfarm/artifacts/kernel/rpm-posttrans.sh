#!/bin/sh
release=@release@
modules=/lib/modules/$release

depmod "$release" || exit $?

if command -v kernel-install >/dev/null; then
    kernel-install add "$release" "$modules/vmlinuz" || exit $?
    # With boot loader entries, kernel-install has its own directory for each kernel.
    for placed in /boot/*/"$release" /boot/efi/*/"$release" /efi/*/"$release"; do
        [ ! -d "$placed" ] || exit 0
    done
fi

# kernel-install is not everywhere, and without its plug-ins does nothing.
for file in config System.map vmlinuz; do
    cp -p "$modules/$file" "/boot/.$file-$release.new" || exit $?
    mv -f "/boot/.$file-$release.new" "/boot/$file-$release" || exit $?
done
