-- What each hour came to, so that a day is the sum of its hours.

create table if not exists public.report_hours (
  since   timestamptz primary key,
  content jsonb not null
);
comment on table public.report_hours is 'Counts and sums of each hour of market time, as the daily report adds them up.';

create or replace function public.ad_write_report_hour(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.report_hours (since, content)
  values ((asked ->> 'since')::timestamptz, asked -> 'content') on conflict do nothing;
  select true
$$;

create or replace function public.ad_look_report_hours(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(h) from public.report_hours h
   where h.since >= (asked ->> 'since')::timestamptz and h.since < (asked ->> 'until')::timestamptz
   order by h.since limit 1000
$$;

select strandloom.protect_table('public.report_hours');
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_report_hour', 'ad_look_report_hours']);
