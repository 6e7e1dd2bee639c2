# Looks at both clocks 25 times in about five seconds: the one that counts from the boot, and the one on the wall.
looks=0
while [ $looks -lt 25 ]; do
  read -r up rest < /proc/uptime
  answer "look=$up $(date +%s)"
  sleep 0.2
  looks=$((looks + 1))
done
