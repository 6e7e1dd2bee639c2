# 64 MiB less than it began with, and back.
case $1 in
  down) xl mem-set "$guest" 192 ;;
  up) xl mem-set "$guest" 256 ;;
esac
say "$1=$(xl list "$guest" | awk 'NR == 2 {print $3}')"
