# Looks for what guests that are gone left behind.
traces() {
  xl list | awk 'NR > 1 && $2 != 0 {print "domain " $2 " (" $1 ")"}'
  for one in /sys/bus/xen-backend/devices/*; do [ ! -e "$one" ] || echo "backend ${one##*/}"; done
  for one in /sys/class/net/vif* /sys/class/net/tap*; do [ ! -e "$one" ] || echo "interface ${one##*/}"; done
  for one in /proc/[0-9]*; do
    case $(readlink "$one/exe") in *qemu-system*) echo "device model, process ${one##*/}" ;; esac
  done
  for one in $(xenstore-list /local/domain) $(xenstore-list /libxl 2>/dev/null); do
    [ "$one" = 0 ] || echo "xenstore's node of domain $one"
  done
  for kind in $(xenstore-list /local/domain/0/backend 2>/dev/null); do
    for one in $(xenstore-list "/local/domain/0/backend/$kind"); do
      [ "$one" = 0 ] || echo "xenstore's backend/$kind/$one"
    done
  done
}
# What ends at this moment may.
patience=20
while [ -n "$(traces)" ] && [ $patience -gt 0 ]; do
  sleep 1
  patience=$((patience - 1))
done
traces | while IFS= read -r line; do answer "left=$line"; done

# The hypervisor lists all grants that are in use, on its console (gnttab_usage_print_all in Xen's common/grant_table.c).
xl debug-keys g
xl dmesg | awk '/gnttab_usage_print_all \[/ {text = ""; next} {text = text $0 "\n"} END {printf "%s", text}' > /run/grants
answer "grant-tables=$(grep -c 'grant-table for remote' /run/grants)"
grep -E '^\(XEN\) *(\[[^]]*\] )?\[0x' /run/grants | head -n 10 | while IFS= read -r line; do answer "grant=$line"; done
answer "free-before=$(cat /run/free-before)"
answer "free-after=$(free_memory)"
