# What host.sh stands on in a dom0 that the farm boots: starts the toolstack, unpacks the payload, reports over the second
# serial line.
run=/run
export PATH=/farm/bin:/usr/sbin:/usr/bin:/sbin:/bin
for tools in /usr/lib/xen-*/bin; do PATH=$PATH:$tools; done

# Says a line to the farm. Where there is no second serial line, it goes through the kernel's log, which takes 900 bytes and
# some, with a mark; so it is never mixed with other lines of the console.
case " $(cat /proc/cmdline) " in
  *" farm.control=log "*) tell() { printf '<2>farm:%s:host|%.900s\n' "$farm_nonce" "$*" > /dev/kmsg; } ;;
  *)
    stty -F /dev/ttyS1 raw -echo 115200
    tell() { echo "$*" > /dev/ttyS1; }
    ;;
esac
report() { tell "farm:$farm_nonce:$*"; }

mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t xenfs xenfs /proc/xen
mkdir -p /run/xen /run/xenstored /run/lock /run/consoles
ip link set lo up # the device model binds its sockets there

xenstored --pid-file /run/xenstored.pid || report "trouble xenstored did not start"
xen-init-dom0 > /run/init-dom0.log 2>&1 || report "trouble xen-init-dom0: $(tail -n 1 /run/init-dom0.log)"
xenconsoled --log=guest --log-dir=/run/consoles --pid-file=/run/xenconsoled.pid
report "ready $(xl info | sed -n 's/^xen_version *: //p')"

mkdir -p /run/payload
cd /run/payload || exit
tar xf /dev/vdb
# Disks that are files have another name below /sys, which the toolstack asks for.
for disk in /dev/vd?; do
  [ ! -L "$disk" ] || sed -i "s#target=$disk'#target=$(readlink "$disk")'#" ./*.cfg 2> /dev/null
done
report "image $(sha256sum < vmlinuz)"

attach() { :; } # xenconsoled writes the guest's console itself
lives() { xl domid "$1" > /dev/null 2>&1; }
remains() { xl domname "$1" > /dev/null 2>&1; }
await() { while :; do sleep 1000; done; } # the farm turns the machine off
