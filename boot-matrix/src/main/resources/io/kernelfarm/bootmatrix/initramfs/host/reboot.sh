# The answer comes first: whoever asked is gone afterwards, and finds it in its next life.
domain=$(xl domid "$guest")
reply "going down"
xl reboot "$guest" 2>&1 | while read -r line; do say "said=$line"; done
reason=$(came_down "$guest" "$domain")
say "reason=$reason"
[ "$reason" != 1 ] || make "$guest"
