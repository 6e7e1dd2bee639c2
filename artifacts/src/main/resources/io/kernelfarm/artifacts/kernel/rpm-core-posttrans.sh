#!/bin/sh
release=@release@
modules=/lib/modules/$release
status=0

rm -f "$modules/.core-installing"
depmod "$release" || status=$?

if command -v kernel-install >/dev/null; then
    kernel-install add "$release" "$modules/vmlinuz" || status=$?
    # With boot loader entries, kernel-install has a directory for each kernel; as a unified image it is one file.
    for placed in /boot/*/"$release"/linux /boot/efi/*/"$release"/linux /efi/*/"$release"/linux \
        /boot/EFI/Linux/*-"$release"*.efi /boot/efi/EFI/Linux/*-"$release"*.efi /efi/EFI/Linux/*-"$release"*.efi; do
        [ ! -e "$placed" ] || exit "$status"
    done
fi

# kernel-install is not everywhere, and it can do nothing and say that all went well: without its plug-ins, and where it
# does not know the layout of /boot.
for file in config System.map vmlinuz; do
    cp -p "$modules/$file" "/boot/.$file-$release.new" || exit $?
    mv -f "/boot/.$file-$release.new" "/boot/$file-$release" || exit $?
done
exit "$status"
