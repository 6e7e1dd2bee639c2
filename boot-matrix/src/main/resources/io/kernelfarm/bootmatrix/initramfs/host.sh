# Makes the guests of the payload, one process for each, and tells what becomes of them. Each line told is either an event,
# "farm:NONCE:EVENT …", or a guest's console line, "NAME|TEXT". What differs between a dom0 that the farm booted and a host that stands
# already is in ground.sh: $run, tell, report, attach, lives, remains, await.
. "${0%/*}/ground.sh"

# Relays what a guest prints as the domain $2. xenconsoled's log file is a pipe here, so no line waits and none is lost at the
# end. A guest that was restored is another domain of the same name: its console begins anew.
relay() {
  [ -p "$run/consoles/guest-$2.log" ] || mkfifo "$run/consoles/guest-$2.log"
  while :; do
    while IFS= read -r line || [ -n "$line" ]; do tell "$1|$line"; done < "$run/consoles/guest-$2.log"
    echo >> "$run/ends-$1"
  done
}

# Writes down how dom0's side of the guest's devices does: the state on both sides, and what went through, in sectors or bytes.
look_at_backends() {
  case $1 in hvm-*) return ;; esac # It has no PV drivers: the device model serves it.
  domain=$(xl domid "$1")
  for device in "/sys/bus/xen-backend/devices/"v??-"$domain"-*; do
    device=${device##*/}
    kind=${device%%-*} number=${device##*-}
    node=/local/domain/0/backend/$kind/$domain/$number
    states=$(xenstore-read "$node/state")/$(xenstore-read "$(xenstore-read "$node/frontend")/state")
    case $kind in
      vbd) cd "/sys/bus/xen-backend/devices/$device/statistics" && moved="in=$(cat wr_sect) out=$(cat rd_sect)" ;;
      vif) cd "/sys/class/net/vif$domain.$number/statistics" && moved="in=$(cat rx_bytes) out=$(cat tx_bytes)" ;;
    esac
    echo "$1 $device states=$states $moved" >> /run/served
  done
}

# Does dom0's part of a check, by host/CHECK.sh, when the guest's letter box asks for it; see asking.sh.
serve() {
  guest=$1 device=$2 letter=$3
  set -- $letter
  number=$2 check=$3
  shift 3
  case $check in '' | *[!a-z-]*) return ;; esac
  say() { report "answer $guest $check.$*"; }
  reply() { printf '%-511s\n' "reply $number $*" | dd of="$device" bs=512 seek=2576 conv=fsync,notrunc 2>/dev/null; }
  # Of what the toolstack complains, the first error is the cause.
  cause() { echo "$1" | grep -m 1 error: || echo "$1" | tail -n 1; }
  (. "$run/host/$check.sh")
  [ "$check" != network ] || [ -z "$farm_late" ] || (look_at_backends "$guest")
  reply ok
}

# Tells the farm that a domain was made of the guest, and which.
is_there() {
  domain=$(xl domid "$1")
  report "created $1 $domain"
  echo >> "$run/lives-$1"
  attach "$1"
}

# Makes a domain of the guest.
make() {
  if ! xl create -p "$1.cfg" > "$1.xl" 2>&1; then
    while IFS= read -r line; do tell "$1|xl: $line"; done < "$1.xl"
    report "refused $1"
    return 1
  fi
  is_there "$1"
  xl unpause "$1"
}

# Waits until the domain $2 of the guest $1 has come down and is gone. Prints the reason that its kernel gave (SHUTDOWN_… in Xen's
# public/sched.h), which the xl that looks after it writes into its log.
came_down() {
  patience=120
  reason=
  while [ $patience -gt 0 ]; do
    reason=$(cat "/var/log/xen/xl-$1.log" "/var/log/xen/xl-$1--incoming.log" 2>/dev/null |
      sed -n "s/^Domain $2 has shut down, reason code \([0-9]*\) .*/\1/p")
    [ -z "$reason" ] || remains "$2" || break
    sleep 0.5
    patience=$((patience - 1))
  done
  echo "${reason:-none}"
}

guest() {
  relay "$1" "$1" &
  relay "$1" "$1--incoming" & # as xl calls it while it moves
  touch "$run/ends-$1"
  make "$1" || return
  seen=
  looks=0
  # Each look at the domain costs dom0's one processor a tenth of a second of what the guests need; at the letter box, less.
  while [ $((looks % 2)) = 1 ] || lives "$1"; do
    # The guest writes behind the back of dom0's page cache.
    blockdev --flushbufs "$2"
    letter=$(dd if="$2" bs=512 skip=2568 count=1 2>/dev/null | head -n 1 | tr -d '\000')
    case $letter in
      "ask "*)
        if [ "$letter" != "$seen" ]; then
          seen=$letter
          (serve "$1" "$2" "$letter")
        fi
        ;;
    esac
    looks=$((looks + 1))
    sleep 1
  done
  ! domain=$(xl domid "$1") || remains "$domain"
  # What it said comes before its end, and may take a while on the kernel's log.
  patience=60
  while [ $patience -gt 0 ] && [ "$(wc -l < "$run/ends-$1")" -lt "$(wc -l < "$run/lives-$1")" ]; do
    sleep 0.5
    patience=$((patience - 1))
  done
  report "ended $1"
}

free_memory() { xl info | sed -n 's/^free_memory *: //p'; }
[ -z "$farm_late" ] || free_memory > /run/free-before

# Asks dom0 itself. A host that stands already is asked nothing.
ask() (
  [ -n "$1" ] || exit
  say() { echo "<2>farm:$farm_nonce:$*" > /dev/kmsg; }
  farm_scripts=/run
  . /run/asking.sh
  ask_all "$1"
)
ask "$farm_beside" &
beside=$!

living=
while read -r name device; do
  guest "$name" "$device" &
  living="$living $!"
done < guests

if [ -n "$farm_beside$farm_late" ]; then
  (
    sleep "$farm_patience"
    while read -r name device; do xl destroy "$name"; done < guests
  ) > /dev/null 2>&1 &
  wait $living $beside
  ask "$farm_late"
  echo "<2>farm:$farm_nonce:done" > /dev/kmsg
fi
await
