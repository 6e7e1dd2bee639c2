# 64 MiB less than it began with, and back.
case $1 in
  down) size=192 ;;
  up) size=256 ;;
esac
if problem=$(xl mem-set "$guest" "$size" 2>&1); then
  say "$1=$(xl list "$guest" | awk 'NR == 2 {print $3}')"
elif [ "$(uname -m)" = aarch64 ]; then
  # Xen 4.17's xl ends there, whatever the kernel, by an assertion of its own in libxl_defbool_val.
  say "unable=xl mem-set ends on arm64 with: $(cause "$problem")"
else
  say "failed=$(cause "$problem")"
fi
