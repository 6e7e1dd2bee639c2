# The checkpoint's file lies beside the payload; it is as large as the guest.
if problem=$(xl save "$guest" "$run/$guest.save" 2>&1) && problem=$(xl restore "$run/$guest.save" 2>&1); then
  is_there "$guest" # as another domain
  say "done=$domain"
else
  say "failed=$(cause "$problem")"
fi
rm -f "$run/$guest.save"
