# Gives memory back to the host and takes it again, when dom0 says so.
total() { awk '/^MemTotal/ {print $2}' /proc/meminfo; }
settled() { # a size that no longer changes
  before=0
  patience=40
  while [ "$before" != "$(total)" ] && [ $patience -gt 0 ]; do
    before=$(total)
    sleep 0.5
    patience=$((patience - 1))
  done
  total
}
answer "before=$(total)"
dom0 down
answer "down=$(settled)"
dom0 up
answer "up=$(settled)"
