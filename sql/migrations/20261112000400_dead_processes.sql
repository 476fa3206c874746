-- A process that was seen to be dead stands by no more.

-- Ask for roles and renew those that are ours; the ones we lead.  A lease that ran out, or whose holder p_dead names,
-- goes to us, and what the one before had claimed can be had at once.  A renewal that is lost with a crash of the
-- server costs nothing, so only a change of hands waits for the disk.
create or replace function public.ad_lead(p_process text, p_roles text[], p_lease_s double precision, p_dead text[])
returns table (role text, epoch bigint, since timestamptz)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  wanted text;
  before public.ad_leaders;
  ends   timestamptz;
begin
  perform set_config('synchronous_commit', 'off', true);
  delete from public.ad_processes p where p.process = any (p_dead);
  update public.ad_processes p set seen_at = clock_timestamp() where p.process = p_process;
  foreach wanted in array (select coalesce(array_agg(r order by r), '{}') from unnest(p_roles) r) loop
    ends := clock_timestamp() + make_interval(secs => p_lease_s);
    insert into public.ad_leaders as l values (wanted, p_process, 1, clock_timestamp(), ends)
    on conflict on constraint ad_leaders_pkey do nothing;
    select * into before from public.ad_leaders l where l.role = wanted for update;
    if before.process = p_process and before.until > '-infinity' then
      update public.ad_leaders l set until = ends where l.role = wanted;
    elsif before.until < clock_timestamp() or before.process = any (p_dead) then
      perform set_config('synchronous_commit', 'on', true);
      update public.ad_leaders l
         set process = p_process, epoch = before.epoch + 1, since = clock_timestamp(), until = ends
       where l.role = wanted;
      perform public.ad_free(before.process || '/' || wanted);
    end if;
  end loop;
  return query
  select l.role, l.epoch, l.since from public.ad_leaders l
   where l.process = p_process and l.role = any (p_roles) and l.until > '-infinity';
end $$;

select strandloom.protect_function('public.ad_lead(text, text[], double precision, text[])'::regprocedure);
