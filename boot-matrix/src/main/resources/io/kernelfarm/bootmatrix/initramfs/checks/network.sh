# The network to dom0, both ways: this side asks dom0, and dom0 asks this side.
tries=0
while [ $tries -lt 50 ] && [ ! -d /sys/class/net/eth0 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
driver=$(readlink -f /sys/class/net/eth0/device/driver)
answer "driver=${driver##*/}"
ip link set lo up
ip addr add "10.99.$farm_net.2/24" dev eth0
ip link set eth0 up
answer "out=$(ping -c 3 -i 0.3 -W 10 -s 1400 "10.99.$farm_net.1" 2>/dev/null | grep transmitted)"
dom0 "$farm_net"
