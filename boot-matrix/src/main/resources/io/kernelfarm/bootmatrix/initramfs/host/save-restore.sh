# The checkpoint's file lies in memory; it is as large as the guest.
if problem=$(xl save "$guest" "/run/$guest.save" 2>&1) && problem=$(xl restore "/run/$guest.save" 2>&1); then
  say "done=$(xl domid "$guest")"
else
  say "failed=$(echo "$problem" | grep -m 1 error: || echo "$problem" | tail -n 1)" # the first error is the cause
fi
rm -f "/run/$guest.save"
