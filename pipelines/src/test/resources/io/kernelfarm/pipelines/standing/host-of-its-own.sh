# The first process of a standing Xen host: its toolstack and its SSH server run, and that is all.
export PATH=/farm/bin:/usr/sbin:/usr/bin:/sbin:/bin
for tools in /usr/lib/xen-*/bin; do PATH=$PATH:$tools; done
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t xenfs xenfs /proc/xen
mkdir -p /run/xen /run/xenstored /run/lock /run/sshd /root /etc
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
xenstored --pid-file /run/xenstored.pid
xen-init-dom0
xenconsoled --pid-file=/run/xenconsoled.pid
echo 'root:x:0:0:root:/root:/bin/sh
sshd:x:101:65534::/run/sshd:/bin/false
guest:x:1000:1000::/tmp:/bin/sh' > /etc/passwd
echo 'root:x:0:
guest:x:1000:' > /etc/group
chmod -R go= /run/ssh
chmod 755 /run/ssh
chmod 644 /run/ssh/authorized_keys
echo "HostKey /run/ssh/host_key
AuthorizedKeysFile /run/ssh/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
SetEnv PATH=$PATH" > /run/sshd_config
/usr/sbin/sshd -f /run/sshd_config
echo '<2>standing' > /dev/kmsg
while :; do sleep 1000; done
