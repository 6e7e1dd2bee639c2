# Is asked by dom0 to shut down; /sbin/poweroff, which the kernel runs then, says so and ends the guest.
dom0 go
patience=60
while [ $patience -gt 0 ]; do
  sleep 1
  patience=$((patience - 1))
done
answer "order=none"
