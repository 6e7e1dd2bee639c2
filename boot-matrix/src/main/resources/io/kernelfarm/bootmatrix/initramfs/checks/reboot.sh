# Is asked by dom0 to reboot; /sbin/reboot, which the kernel runs then, says so and obeys. ask_all says the end of it in the next life.
dom0 go
patience=60
while [ $patience -gt 0 ]; do
  sleep 1
  patience=$((patience - 1))
done
answer "order=none"
