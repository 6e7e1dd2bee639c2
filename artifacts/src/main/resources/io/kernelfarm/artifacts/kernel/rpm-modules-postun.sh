#!/bin/sh
# The kernel can stay without its modules.
if [ -e /lib/modules/@release@/vmlinuz ]; then
    depmod @release@
fi
