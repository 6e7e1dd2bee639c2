# Turns the machine into a Xen host: moves to the dom0 root file system, where the toolstack is.
root=/root
mkdir -p $root
# Proving comes first: what dom0 says of itself must not hang on the toolstack.
. /farm/proof.sh
prove
echo "$data_disk" > /tmp/data-disk
. /farm/asking.sh
ask_all "$farm_checks"
# Some things are asked while it has guests, or when they are gone; see host.sh.
[ -n "$farm_beside$farm_late" ] || say done

mount -t ext4 /dev/vda $root || { say "trouble=dom0's root file system cannot be mounted"; poweroff -f; }
for folder in dev proc sys; do mount --move /$folder $root/$folder; done
mount -t tmpfs run $root/run
mount -t tmpfs tmp $root/tmp
cp -r /farm/host.sh /farm/host /farm/asking.sh /farm/checks $root/run/
cp /farm/toolstack.sh $root/run/ground.sh
cp /farm/scripts/* $root/etc/xen/scripts/
exec switch_root $root /bin/busybox env farm_nonce="$farm_nonce" farm_beside="$farm_beside" \
  farm_late="$farm_late" farm_patience="$farm_patience" farm_soak="$farm_soak" /bin/busybox sh /run/host.sh
