# The answer comes first: afterwards nobody waits for it.
reply "going down"
xl shutdown "$guest" 2>&1 | while read -r line; do say "said=$line"; done
