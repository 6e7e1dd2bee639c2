# A machine that has no disks of the farm has them as files: attaches each under the name that it would have had.
while read -r module; do
  insmod "$module" 2>/dev/null
done < /farm/modules.disks
for file in /disks/*; do
  loop=$(losetup -f)
  losetup "$loop" "$file"
  ln -sf "$loop" "/dev/vd${file##*/}"
done
