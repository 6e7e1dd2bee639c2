# The whole life of a bare machine or a guest: prove the mode, leave the kernel's log behind, end.
. /farm/proof.sh
prove
if [ "$farm_log" = disk ] && [ -n "$data_disk" ]; then
  dmesg | dd of="/dev/$data_disk" bs=512 seek=513 conv=fsync,notrunc 2>/dev/null
fi
say done
case $farm_end in
  off) poweroff -f ;;
  *) reboot -f ;;
esac
