-- What jobs let go and pack: old strands, the history of jobs, old bars.

-- Let go of strands that were posted before the market came to a moment.  Ids sort by market time, so one step back
-- in the primary key finds the heartbeat of that moment, and with it the wall time that pruning goes by.
create or replace function public.ad_write_board_prune(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  before timestamptz := (asked ->> 'before')::timestamptz;
  bound  uuid := (lpad(to_hex((extract(epoch from before) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
  posted timestamptz;
begin
  select s.created_at into posted from public.ad_strands s
   where s.kind = 'heartbeat' and s.id < bound order by s.id desc limit 1;
  if posted is not null then
    perform public.ad_prune(posted, (asked ->> 'limit')::integer);
  end if;
  delete from public.job_runs r where r.slot < before;
  return true;
end $$;

-- Pack days of bars that have come to rest, forget those that nobody keeps.
create or replace function public.ad_write_market_tidy(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  forgotten date := (asked ->> 'forget_before')::date;
  old       record;
begin
  for old in
    select distinct m.venue, m.symbol, (m.minute at time zone 'UTC')::date as day
      from public.market_minutes m
     where m.minute < (asked ->> 'pack_before')::date::timestamp at time zone 'UTC'
     order by 3, 1, 2 limit (asked ->> 'limit')::integer
  loop
    perform public.market_pack(old.venue, old.symbol, old.day);
  end loop;
  delete from public.market_days d where d.day < forgotten;
  delete from public.market_minutes m where m.minute < forgotten::timestamp at time zone 'UTC';
  delete from public.market_beats b where b.minute < forgotten::timestamp at time zone 'UTC';
  return true;
end $$;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and p.proname = any (array['ad_write_board_prune', 'ad_write_market_tidy']);
