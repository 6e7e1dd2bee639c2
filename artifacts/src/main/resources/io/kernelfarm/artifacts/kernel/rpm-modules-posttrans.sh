#!/bin/sh
release=@release@
modules=/lib/modules/$release

depmod "$release" || exit $?

if [ -e "$modules/.modules-added" ]; then
    rm -f "$modules/.modules-added"
    if command -v kernel-install >/dev/null && [ -e "$modules/vmlinuz" ]; then
        kernel-install add "$release" "$modules/vmlinuz" || exit $?
    fi
fi
