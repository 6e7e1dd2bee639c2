say "in=$(ping -c 3 -W 10 -s 1400 "10.99.$1.2" 2>/dev/null | grep transmitted)"
