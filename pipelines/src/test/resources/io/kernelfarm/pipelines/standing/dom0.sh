# In place of the farm's dom0.sh: a dom0 that is nobody's but its administrator's, with an SSH server.
while read -r module; do insmod "$module" 2> /dev/null; done < /farm/modules.disks
for module in /farm/network/*; do insmod "$module"; done
mkdir -p /root
mount -t ext4 /dev/vda /root || poweroff -f
for folder in dev proc sys; do mount --move /$folder /root/$folder; done
mount -t tmpfs run /root/run
mount -t tmpfs tmp /root/tmp
mount -t tmpfs -o size=256m tmp /root/var/tmp
cp -r /farm/ssh /farm/host-of-its-own.sh /root/run/
exec switch_root /root /bin/busybox sh /run/host-of-its-own.sh
