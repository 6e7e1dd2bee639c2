#!/bin/sh
# The hardware behind a simulated BMC: an emulator that is turned on and off. Called by ipmi_sim (chassis_control in its
# configuration): FOLDER MC get|set power|boot|reset|shutdown [VALUE].
#
# In FOLDER: machine.args  the emulator's arguments, one a line (ours; without those that are said here)
#            boot          what to boot from next, once
#            pid           the emulator's process
#            owner         the process with which the hardware goes
#            stubborn      if there, power off is not heeded
#            homely        if there, the firmware boots from nothing but its disk
cd "$1" || exit 1
echo "$3 $4 $5" >> calls

# A zombie has ended: it only waits for whoever inherited it.
on() { [ -s pid ] && sed 's/.*) //' "/proc/$(cat pid)/stat" 2> /dev/null | grep -qv '^Z'; }

start() {
  on && return
  card='e1000,netdev=net0'
  # Without a ROM the card cannot boot; an order of boot devices alone does not keep it from that.
  [ "$(cat boot 2> /dev/null)" = pxe ] || card="$card,romfile="
  rm -f boot
  set --
  while read -r argument; do set -- "$@" "$argument"; done < machine.args
  # The process id is the shell's and then the emulator's own; pdeathsig does not help where the parent ends at once.
  setsid sh -c 'echo $$ > pid; exec "$@"' machine qemu-system-x86_64 -accel tcg -cpu qemu64,+svm,+npt -smp 1 \
    -machine pc,graphics=off -nodefaults -no-user-config -display none -device "$card" "$@" \
    < /dev/null > emulator.out 2>&1 &
  setsid sh -c 'while kill -0 $(cat owner) 2> /dev/null; do sleep 1; done; kill -9 $(cat pid)' < /dev/null > /dev/null 2>&1 &
  while [ ! -s pid ]; do sleep 0.1; done
}

stop() {
  [ -e stubborn ] && return
  on && kill -9 "$(cat pid)"
  rm -f pid
}

case "$3 $4" in
  'get power') if on; then echo power:1; else echo power:0; fi ;;
  'get boot') echo "boot:$(cat boot 2> /dev/null || echo none)" ;;
  'set power') if [ "$5" = 1 ]; then start; else stop; fi ;;
  'set boot') [ -e homely ] || echo "$5" > boot ;;
  'set reset') stop && start ;;
  'set shutdown') ;; # No operating system here listens to the power button.
esac
