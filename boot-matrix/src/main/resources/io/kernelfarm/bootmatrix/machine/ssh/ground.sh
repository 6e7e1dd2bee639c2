# What host.sh stands on in the dom0 of a host that stands already, and has other things to do as well: nothing is left behind, and
# nothing is touched that is not this session's. It begins in the session's folder, whose name is the session's label;
# payload/ and disks/ are there. What is told goes over the connection; what comes is "." as a sign of life, "q" when
# it is time to end the guests. When nothing comes, everything is removed.
trap '' PIPE
run=$(pwd -P)
label=${run##*/}
farm_nonce=${label#farm-}
exec 3>&1 # Where output is taken for something else, the farm is still told.
tell() { printf '%.3000s\n' "$*" >&3; }
report() { tell "farm:$farm_nonce:$*"; }

# The shell and tools are the farm's own, as in a dom0 that it boots.
mkdir -p bin consoles
payload/busybox --install -s bin
export PATH=$run/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin
for tools in /usr/lib/xen-*/bin; do PATH=$PATH:$tools; done
modprobe=$(PATH=/usr/sbin:/sbin command -v modprobe) &&
  for module in loop xen-blkback xen-netback xen-gntalloc tun; do "$modprobe" -q "$module"; done

# Whoever attaches a disk at the same time may be faster.
attach_disk() {
  tries=0
  while [ $tries -lt 10 ]; do
    loop=$(losetup -f) && losetup "$loop" "$1" && return
    tries=$((tries + 1))
  done
  return 1
}

ln -s payload/host host
cd payload || exit
chmod +x scripts/*
for disk in "$run"/disks/*; do
  attach_disk "$disk" || report "trouble no loop device can be attached; load the module 'loop' there"
  sed -i "s#target=/dev/vd${disk##*/}'#target=$loop'#" ./*.cfg
  sed -i "s#/dev/vd${disk##*/}\$#$loop#" guests
done
# A domain that ended is kept until its console has been read to its end.
sed -i -e "s#\"/run/#\"$run/#" -e "s#script=farm-#script=$run/payload/scripts/farm-#g" \
  -e 's/^\(on_[a-z]*\) = "destroy"/\1 = "preserve"/' ./*.cfg
while read -r name device; do
  mkfifo "$run/consoles/guest-$name.log"
  echo 'on_poweroff = "preserve"' >> "$name.cfg"
  ! grep -q '^type = "hvm"' "$name.cfg" || echo "serial = \"file:$run/consoles/guest-$name.log\"" >> "$name.cfg"
done < guests
report "ready $(xl info | sed -n 's/^xen_version *: *//p') $(uname -r)"
report "image $(sha256sum < vmlinuz)"

# Has the console of the domain $1 flow to where it is relayed from. An HVM domain's serial line comes there by itself.
attach() {
  domain=$(xl domid "$1") || return 0
  (
    tries=0
    while tty=$(xenstore-read "/local/domain/$domain/console/tty" 2> /dev/null); [ -z "$tty" ] && [ $tries -lt 100 ]; do
      tries=$((tries + 1))
      sleep 0.2
    done
    # Not cat: it has the kernel splice, and whoever else writes to the pipe waits until the console says something.
    dd if="$tty" of="$run/consoles/guest-$1.log" bs=4096 2> /dev/null
  ) &
}

# In the column for the state, "s" is a domain that has shut down and "c" one that has crashed.
lives() {
  case $(xl list "$1" 2> /dev/null | awk 'NR == 2 {print $5}') in
    '' | *[sc]*) return 1 ;;
  esac
}

# Whether the domain with the number $1, which has ended, is still there: it is not any more. The hypervisor may have had something
# to say of its end.
remains() {
  name=$(xl domname "$1" 2> /dev/null) || return
  sleep 2
  xl dmesg 2> /dev/null | grep -E "^\(XEN\).*\b([dD]|[dD]om|[dD]omain )$1(v[0-9]+)?\b" | tail -n 20 |
    while IFS= read -r line; do tell "$name|$line"; done
  xl destroy "$1" > /dev/null 2>&1
  return 1
}

end_guests() {
  # A domain that is half made has no name yet to know it by. The xl that looks after one that is made has left this process's group.
  patience=60
  while [ $patience -gt 0 ] && ps -o pgid,args | grep -q "^ *$$ .*xl [c]reate -p $label"; do
    patience=$((patience - 1))
    sleep 1
  done
  # This process is the first of its group, and heeds no signal that it sends itself.
  trap '' TERM
  kill -TERM -$$ 2> /dev/null
  end_domains "$label"
  detach_disks "$run"
}

await() {
  while :; do
    case $(timeout 60 dd bs=1 count=1 2> /dev/null) in
      .) ;;
      q)
        end_guests
        report cleared
        ;;
      *) break ;;
    esac
  done
  end_guests
  cd /
  clean "$run"
}
