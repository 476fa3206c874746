-- Only the service may read the board and call its functions; nobody may edit a strand.

select strandloom.protect_table(t) from unnest(array[
  'public.ad_strands', 'public.ad_tombstones', 'public.ad_consumers', 'public.ad_deliveries',
  'public.ad_dead_letters']::regclass[]) as t;
revoke update on public.ad_strands from service_role;

select strandloom.protect_view(v) from unnest(array['public."AD_strands"', 'public.ad_queue_stats']::regclass[]) as v;
grant insert on public."AD_strands" to service_role;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname like 'ad\_%';
