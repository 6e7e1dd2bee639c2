# An empty "ssh command" makes xl run the receiving side as given: on this host.
if problem=$(xl migrate -s '' "$guest" 'xl migrate-receive' 2>&1); then
  say "done=$(xl domid "$guest")"
else
  say "failed=$(cause "$problem")"
fi
