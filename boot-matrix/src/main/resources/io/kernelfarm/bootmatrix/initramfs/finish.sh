# The last things: the kernel's log goes to the data disk, the last answer is given, the machine ends.
. /farm/log.sh
keep_log
say done
case $farm_end in
  off) poweroff -f ;;
  *) reboot -f ;;
esac
