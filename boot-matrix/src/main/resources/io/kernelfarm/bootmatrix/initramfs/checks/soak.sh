# Stays up for a while and works a little: the kernel's log is looked at afterwards.
read -r up rest < /proc/uptime
end=$((${up%.*} + ${farm_soak:-30}))
while [ "${up%.*}" -lt "$end" ]; do
  dd if=/dev/zero bs=65536 count=64 2>/dev/null | sha256sum > /dev/null
  sleep 1
  read -r up rest < /proc/uptime
done
answer "until=$up"
