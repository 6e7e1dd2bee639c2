#!/bin/sh
release=@release@

# The same release stays when it is only packaged anew.
if [ "$1" -eq 0 ] && command -v kernel-install >/dev/null; then
    kernel-install remove "$release" || exit $?
fi
