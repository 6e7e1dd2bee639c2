# Takes its second processor away and gives it back, when dom0 says so.
online() { cat /sys/devices/system/cpu/online; }
# A processor that is plugged in has still to be turned on: elsewhere udev does that.
plug() {
  patience=40
  while [ $patience -gt 0 ]; do
    for cpu in /sys/devices/system/cpu/cpu[0-9]*/online; do
      [ "$(cat "$cpu" 2>/dev/null)" = 0 ] && [ "$1" = up ] && echo 1 > "$cpu" 2>/dev/null
    done
    [ "$(online)" = "$2" ] && return
    sleep 0.3
    patience=$((patience - 1))
  done
}
answer "before=$(online)"
dom0 1
plug down 0
answer "unplugged=$(online)"
dom0 2
plug up 0-1
answer "plugged=$(online)"
