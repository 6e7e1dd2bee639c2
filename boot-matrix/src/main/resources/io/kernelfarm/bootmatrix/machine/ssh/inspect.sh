# Says what the farm has to know of a Xen host before it uses it, as "KEY=VALUE"; $folder is where sessions have their folders.
# What sessions left that did not come to their end is removed.
say() { echo "$1=$2"; }
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
say uid "$(id -u)"
[ "$(id -u)" = 0 ] || exit 0
say machine "$(uname -m)"
command -v xl > /dev/null || { say xl missing; exit 0; }
if info=$(xl info 2>&1); then
  echo "$info" | sed -n 's/^\([a-z_]*\) *: */xen.\1=/p'
else
  say xl "$(echo "$info" | grep -v '^$' | tail -n 1)"
  exit 0
fi
umask 077
problem=$(mkdir -p "$folder" 2>&1) || { say folder "$problem"; exit 0; }
cd "$folder" || exit
folder=$(pwd -P)
for session in "$folder"/farm-*; do
  [ -d "$session" ] || continue
  # The process that has it: its id, when it was started (proc(5), stat, field 22), and in which boot of the host.
  { read -r pid ticks boot < "$session/owner"; } 2> /dev/null
  if [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] &&
    [ "$ticks" = "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2> /dev/null)" ]; then
    say busy "$session"
  elif ! clean "$session"; then
    say left "$(domains_of "${session##*/}" | tr '\n' ' ')"
  fi
  pid='' ticks='' boot=''
done
# Memory and disk are looked at last: what was left took some.
xl info 2> /dev/null | sed -n 's/^free_memory *: */free-mib=/p'
say disk-kib "$(df -Pk "$folder" | awk 'NR == 2 {print $4}')"
say network "$(ip -o -4 addr show 2> /dev/null | grep -F ' 10.99.' | head -n 1)"
say done "$(uname -r)"
