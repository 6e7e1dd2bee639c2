# Writes to the data disk, and reads back from the disk itself what was written.
read -r disk < /tmp/data-disk
dd if=/dev/urandom of=/tmp/written bs=512 count=512 2>/dev/null
dd if=/tmp/written of="/dev/$disk" bs=512 seek=2584 conv=fsync,notrunc 2>/dev/null
blockdev --flushbufs "/dev/$disk"
written=$(sha256sum < /tmp/written)
read_back=$(dd if="/dev/$disk" bs=512 skip=2584 count=512 2>/dev/null | sha256sum)
answer "written=${written%% *}"
answer "read=${read_back%% *}"
# Which other ways to a disk there are: a kernel with PV drivers in a fully virtualized guest had the emulated ones taken away.
for other in /sys/block/*; do
  other=${other##*/}
  case $other in loop* | ram* | sr* | fd*) continue ;; esac
  driver=$(readlink -f "/sys/block/$other/device/driver")
  answer "present=$other driver=${driver##*/}"
done
