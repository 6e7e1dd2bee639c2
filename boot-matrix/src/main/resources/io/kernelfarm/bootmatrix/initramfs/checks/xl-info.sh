# What the toolstack says of the host, and what dom0's kernel says of the same.
xl info | while read -r key colon value; do
  case $key in
    release | nr_cpus | total_memory | free_memory | xen_version | xen_caps | virt_caps) answer "$key=$value" ;;
  esac
done
# On arm64 the hypervisor counts its memory before it has a console: "RAM: FIRST - LAST", for each part.
memory=0
for part in $(xl dmesg | sed -n 's/^(XEN) RAM: \([0-9a-f]*\) - \([0-9a-f]*\)$/0x\2-0x\1+1/p'); do
  memory=$((memory + part))
done
[ $memory = 0 ] || answer "hypervisor-memory=$((memory >> 20))"
answer "dom0-memory=$(xl list 0 | awk 'NR == 2 {print $3}')"
answer "kernel-release=$(uname -r)"
(
  cd /sys/hypervisor || exit
  answer "kernel-version=$(cat version/major).$(cat version/minor)$(cat version/extra)"
  answer "kernel-caps=$(cat properties/capabilities)"
)
