#!/bin/sh
# Modules that come to a kernel which is there already may be wanted in its initramfs.
if [ ! -e /lib/modules/@release@/.core-installing ]; then
    : >/lib/modules/@release@/.modules-added
fi
