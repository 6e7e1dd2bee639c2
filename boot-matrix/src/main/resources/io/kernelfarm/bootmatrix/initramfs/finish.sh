# The last things: the kernel's log goes to the data disk, the last answer is given, the machine ends.
read -r data_disk < /tmp/data-disk
if [ "$farm_log" = disk ] && [ -n "$data_disk" ]; then
  dmesg | dd of="/dev/$data_disk" bs=512 seek=513 conv=fsync,notrunc 2>/dev/null
fi
say done
case $farm_end in
  off) poweroff -f ;;
  *) reboot -f ;;
esac
