# The answer comes first: afterwards nobody waits for it.
domain=$(xl domid "$guest")
reply "going down"
xl shutdown "$guest" 2>&1 | while read -r line; do say "said=$line"; done
say "reason=$(came_down "$guest" "$domain")"
