# The whole life of a bare machine or a guest: prove the mode, answer what is asked, leave the kernel's log behind, end.
. /farm/proof.sh
prove
echo "$data_disk" > /tmp/data-disk
. /farm/asking.sh
ask_all "$farm_checks"
. /farm/finish.sh
