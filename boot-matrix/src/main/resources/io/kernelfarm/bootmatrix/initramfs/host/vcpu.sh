# An emulated host may have one processor only.
xl vcpu-set --ignore-host "$guest" "$1" 2>&1 | while read -r line; do say "said=$line"; done
