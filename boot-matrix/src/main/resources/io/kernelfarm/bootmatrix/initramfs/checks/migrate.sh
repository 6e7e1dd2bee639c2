# The same from inside as being saved and restored; what dom0 does meanwhile is another thing.
. /farm/checks/save-restore.sh
