# Is moved by dom0, to the same host, in the middle of something: a count goes on, and a file and the disk are as they were.
echo "$farm_nonce" > /tmp/kept
read -r up rest < /proc/uptime
answer "before=$up"
dom0 go
read -r up rest < /proc/uptime
answer "after=$up"
answer "kept=$(cat /tmp/kept)"
