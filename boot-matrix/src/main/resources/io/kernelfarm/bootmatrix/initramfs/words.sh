# What every script of the farm begins with: the words of the kernel's command line as variables, and the way to answer.
#   farm.role=prove|dom0    which script /init hands over to
#   farm.nonce=WORD         what this boot's answers are marked with: text from elsewhere does not carry it
#   farm.control=log        one serial line only: dom0 reports through the kernel's log
#   farm.checks=NAME,…      what is asked after the mode was proved; see checks/NAME.sh
#   farm.beside=NAME,…      what is asked of a dom0 while it has guests
#   farm.late=NAME,…        what is asked of a dom0 when its guests are gone
#   farm.patience=SECONDS   when dom0 ends guests that are still there, to be asked that
#   farm.soak=SECONDS       how long the soak check lasts
#   farm.net=NUMBER         this guest's network is 10.99.NUMBER.0/24
#   farm.end=off|reboot     what to do after the last answer
#   farm.log=disk           leave the kernel's log on the data disk
for word in $(cat /proc/cmdline); do
  case $word in
    farm.*=*) name=${word%%=*}; eval "farm_${name#farm.}='${word#*=}'" ;;
  esac
done

# Answers go through the kernel's log: so they reach whatever console the mode has, in order with the kernel's own lines.
# Level 2 (critical) passes "quiet", which keeps slow emulated consoles from dominating the boot.
say() { echo "<2>farm:$farm_nonce:$*" > /dev/kmsg; }
