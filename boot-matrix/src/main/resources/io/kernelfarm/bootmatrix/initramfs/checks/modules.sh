# Loads every Xen module of the package that is not loaded yet.
while read -r module; do
  name=${module##*/}
  name=${name%.ko*}
  loaded=$(echo "$name" | tr - _)
  if [ -d "/sys/module/$loaded" ]; then
    answer "loaded=$name"
  elif problem=$(insmod "$module" 2>&1); then
    answer "loaded=$name"
  else
    answer "refused=$name ${problem##*: }"
  fi
done < /farm/modules.xen
