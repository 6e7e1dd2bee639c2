xl vcpu-set "$guest" "$1" 2>&1 | while read -r line; do say "said=$line"; done
