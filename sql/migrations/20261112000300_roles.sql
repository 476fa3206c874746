-- Who leads which role, and which processes there are.

create table if not exists public.ad_processes (
  process    text primary key,
  place      text not null,
  pid        integer not null,
  began      text not null,
  roles      text[] not null,
  version    text not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp()
);
comment on table public.ad_processes is 'The processes of the service, also those that stand by; each is seen once a second.';

create table if not exists public.ad_leaders (
  role    text primary key,
  process text not null,
  epoch   bigint not null,
  since   timestamptz not null,
  until   timestamptz not null
);
comment on table public.ad_leaders is 'The process that leads each role until its lease runs out; the epoch goes up with every change of hands.';

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

-- Leave in good order: whoever asks next leads.
create or replace function public.ad_leave(p_process text) returns void
language sql set search_path = '' as $$
  update public.ad_leaders l set until = '-infinity' where l.process = p_process;
  delete from public.ad_processes p where p.process = p_process;
$$;

-- False once somebody else leads; until the transaction ends nobody can take the role.
create or replace function public.ad_write_role_hold(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  perform from public.ad_leaders l
    where l.role = asked ->> 'role' and l.process = asked ->> 'process'
      and l.epoch = (asked ->> 'epoch')::bigint
      for share;
  return found;
end $$;

select strandloom.protect_table(t) from unnest(array['public.ad_processes', 'public.ad_leaders']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and p.proname = any (array['ad_lead', 'ad_leave', 'ad_write_role_hold']);

-- The one process that may write to an exchange's journal; who opens it takes it from the one before.
create table if not exists public.exchange_writers (
  exchange text primary key,
  writer   uuid not null,
  since    timestamptz not null default clock_timestamp()
);
comment on table public.exchange_writers is 'Who keeps each paper exchange: a process that was replaced can write nothing more.';
select strandloom.protect_table('public.exchange_writers'::regclass);
