#!/bin/sh
# Tells kernel-modules, which comes later in the same transaction, that the kernel goes to /boot at the transaction's end.
: >/lib/modules/@release@/.core-installing
