# A PV guest moves while it runs only by shadow page tables, which tell what it has written to (paging_log_dirty_enable in Xen's
# arch/x86/mm/paging.c; without CONFIG_SHADOW_PAGING it is EOPNOTSUPP). Debian's Xen is built without.
able=$(xl info | sed -n 's/^virt_caps *: //p')
case $guest:$able in
  *pv-xen-*:*shadow*) ;;
  *pv-xen-*)
    say "unable=this Xen was built without shadow paging, by which alone a PV guest moves as it runs (virt_caps: $able)"
    return
    ;;
esac
# An empty "ssh command" makes xl run the receiving side as given: on this host.
if problem=$(xl migrate -s '' "$guest" 'xl migrate-receive' 2>&1); then
  is_there "$guest" # as another domain
  say "done=$domain"
else
  say "failed=$(cause "$problem")"
fi
