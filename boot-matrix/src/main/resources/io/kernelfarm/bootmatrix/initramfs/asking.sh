# Asks the checks that the command line names, one after another. Each is a script of its own, checks/NAME.sh, that says what
# it sees by "answer KEY=VALUE"; nothing here judges. What only dom0 can do, it does by host/NAME.sh when "dom0 WORD…" asks it.

# Two sectors of the data disk, each in a page of its own, are the letter boxes between a guest and its dom0: so it works in every mode, with no driver but
# the disk's, and goes on after the guest was saved, restored or moved. The second holds the answer to the first.
ask_sector=2568
reply_sector=2576

answer() { say "$check.$*"; }

# Has dom0 do its part and waits for it. Returns dom0's last word in $reply; fails after two minutes without one.
dom0() {
  asked=$(($(cat /tmp/asked 2>/dev/null || echo 0) + 1))
  echo "$asked" > /tmp/asked
  read -r data_disk < /tmp/data-disk
  printf '%-511s\n' "ask $asked $check $*" | dd of="/dev/$data_disk" bs=512 seek=$ask_sector conv=fsync,notrunc 2>/dev/null
  patience=400
  while [ $patience -gt 0 ]; do
    blockdev --flushbufs "/dev/$data_disk"
    reply=$(dd if="/dev/$data_disk" bs=512 skip=$reply_sector count=1 2>/dev/null | head -n 1 | tr -d '\000')
    case $reply in
      "reply $asked "*) reply=${reply#reply $asked }; reply=${reply%%  *}; return 0 ;;
    esac
    sleep 0.3
    patience=$((patience - 1))
  done
  reply=
  answer "dom0=silent"
  return 1
}

# Asks the checks named in $1, a list with commas.
ask_all() {
  rebooted=
  letter=
  data_disk=$(cat /tmp/data-disk 2>/dev/null) # There is none for what dom0 is asked last.
  [ -z "$data_disk" ] || letter=$(dd if="/dev/$data_disk" bs=512 skip=$ask_sector count=1 2>/dev/null | head -n 1 | tr -d '\000')
  case $letter in
    "ask "*" reboot go"*)
      # The disk was new before the first letter: this is the life after a reboot.
      letter=${letter#ask }
      echo "${letter%% *}" > /tmp/asked
      touch /tmp/again
      rebooted=1
      ;;
  esac
  for check in $(echo "$1" | tr , ' '); do
    echo "$check" > /tmp/check
    case $rebooted:$check in
      :*)
        say "begin=$check"
        (. "${farm_scripts:-/farm}/checks/$check.sh")
        say "end=$check"
        ;;
      1:reboot)
        rebooted=
        answer "again=$(uname -r)"
        say "end=$check"
        ;;
    esac
  done
}
