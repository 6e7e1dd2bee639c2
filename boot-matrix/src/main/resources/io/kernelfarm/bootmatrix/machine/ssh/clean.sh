# What a session has on this host, by its label, which is the name of its folder and begins the names of its domains.

# The domains of the session that is called $1, as "ID NAME".
domains_of() {
  xl list 2> /dev/null | while read -r name id rest; do
    case $name in "$1"-*) echo "$id $name" ;; esac
  done
}

# Ends the domains of the session $1; fails if one is left.
end_domains() {
  patience=20
  while [ -n "$(domains_of "$1")" ] && [ $patience -gt 0 ]; do
    domains_of "$1" | while read -r id name; do xl destroy "$id" > /dev/null 2>&1; done
    patience=$((patience - 1))
    [ -z "$(domains_of "$1")" ] || sleep 1
  done
  [ $patience -gt 0 ]
}

# Detaches the disks whose files lie in the folder $1.
detach_disks() {
  for backing in /sys/block/loop*/loop/backing_file; do
    case $(cat "$backing" 2> /dev/null) in
      "$1"/*)
        device=${backing#/sys/block/}
        losetup -d "/dev/${device%%/*}"
        ;;
    esac
  done
}

# Removes all that is left of the session whose folder is $1, but for what still runs of it.
clean() {
  label=${1##*/}
  end_domains "$label" || return 1
  detach_disks "$1"
  # The toolstack keeps a log for each domain.
  rm -f "/var/log/xen/"*"$label"-* "/var/log/xen/console/"*"$label"-*
  rm -rf "$1"
}
