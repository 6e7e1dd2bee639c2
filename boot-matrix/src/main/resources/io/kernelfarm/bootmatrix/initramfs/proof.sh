# Says what the kernel found itself to be, and does one real thing through the mode's drivers: reads the data disk.
prove() {
  kernel_says='Booting (paravirtualized )?kernel on|Hypervisor detected|Xen HVM callback vector|unplug emulated disks|efi: EFI v'
  kernel_says="$kernel_says|Booting Linux on physical CPU|Xen [0-9.]+ support found" # arm64
  dmesg | grep -E "$kernel_says" | while read -r line; do say "dmesg=$line"; done
  # /sys/hypervisor exists only where the kernel knows itself to be a Xen domain.
  if [ -r /sys/hypervisor/guest_type ]; then
    say "guest_type=$(cat /sys/hypervisor/guest_type)"
  else
    say "guest_type=absent"
  fi
  if [ -d /proc/xen ] && mount -t xenfs xenfs /proc/xen 2>/dev/null; then
    say "capabilities=$(cat /proc/xen/capabilities)"
    umount /proc/xen
  fi

  # Disks may be a moment late: wait for the data disk, not for a time.
  tries=0
  while [ $tries -lt 50 ] && ! read_disks; do
    tries=$((tries + 1))
    sleep 0.1
  done
  [ $tries -lt 50 ] || say "disk=none"
}

# The data disk: one sector that names the boot's nonce, 512 sectors of content, then room for the kernel's log.
read_disks() {
  found=1
  for disk in /sys/block/*; do
    disk=${disk##*/}
    case $disk in
      loop*) [ -d /disks ] || continue ;;
      ram* | sr* | fd*) continue ;;
    esac
    head=$(dd if="/dev/$disk" bs=512 count=1 2>/dev/null | head -n 1 | tr -d '\000')
    [ "$head" = "kernel-farm data $farm_nonce" ] || continue
    case $disk in
      loop*) driver=loop ;; # it has no device below it
      *) driver=$(readlink -f "/sys/block/$disk/device/driver") ;;
    esac
    sum=$(dd if="/dev/$disk" bs=512 skip=1 count=512 2>/dev/null | sha256sum)
    say "disk=$disk driver=${driver##*/} sha256=${sum%% *}"
    found=0
    data_disk=$disk
  done
  return $found
}
