# What dom0's side of the guests' devices did while there were guests: host.sh wrote it down, see look_at_backends.
[ ! -f /run/served ] || while read -r line; do answer "served=$line"; done < /run/served
