-- The Trader's open questions about results off the map: each is asked once, and ends once.

create table if not exists public.trader_doubts (
  doubt      text not null,
  subject    text not null,
  symbol     text,
  raised     uuid not null,
  raised_at  timestamptz not null,
  expires_at timestamptz not null,
  primary key (doubt, subject)
);
comment on table public.trader_doubts is 'Questions that the Trader has raised and not settled: the strand that raised each, and when it runs out.';

create or replace function public.ad_write_doubt_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_doubts select * from jsonb_populate_record(null::public.trader_doubts, asked)
  on conflict (doubt, subject) do nothing;
  select true
$$;

create or replace function public.ad_write_doubt_end(asked jsonb) returns boolean
language sql set search_path = '' as $$
  delete from public.trader_doubts d where d.doubt = asked ->> 'doubt' and d.subject = asked ->> 'subject';
  select true
$$;

create or replace function public.ad_look_doubt_one(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(d) from public.trader_doubts d where d.doubt = asked ->> 'doubt' and d.subject = asked ->> 'subject'
$$;

-- Those that have run out.
create or replace function public.ad_look_doubt_over(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(d) from public.trader_doubts d where d.expires_at <= (asked ->> 'at')::timestamptz
   order by d.doubt collate "C", d.subject collate "C" limit 1000
$$;

select strandloom.protect_table('public.trader_doubts'::regclass);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_doubt_open', 'ad_write_doubt_end', 'ad_look_doubt_one', 'ad_look_doubt_over']);
