-- How the books compared with the venue, every time they were held against it, and what is unexplained now.

create table if not exists public.ledger_reconciliations (
  venue          text not null,
  at             timestamptz not null,
  strand         uuid not null,
  agrees         boolean not null,
  drift_usd      numeric not null,
  books_cash_usd numeric not null,
  venue_cash_usd numeric not null,
  booked         integer not null,
  unexplained    text[] not null,
  primary key (venue, at, strand)
);
comment on table public.ledger_reconciliations is 'One row per reconciliation: the drift of the books, and what was missing in them.';
comment on column public.ledger_reconciliations.strand is 'The job that asked for it.';

create table if not exists public.ledger_unexplained (
  venue  text not null,
  symbol text not null,
  since  timestamptz not null,
  primary key (venue, symbol)
);
comment on table public.ledger_unexplained is 'Symbols on which books and venue differ: nothing new is opened there.';

-- Kept once; what is unexplained follows the newest reconciliation of the venue.
create or replace function public.ad_write_ledger_reconciled(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  this public.ledger_reconciliations := jsonb_populate_record(null::public.ledger_reconciliations, asked);
begin
  insert into public.ledger_reconciliations values (this.*) on conflict do nothing;
  if exists (select from public.ledger_reconciliations r where r.venue = this.venue and r.at > this.at) then
    return true;
  end if;
  delete from public.ledger_unexplained u where u.venue = this.venue and not u.symbol = any (this.unexplained);
  insert into public.ledger_unexplained (venue, symbol, since)
  select this.venue, s, this.at from unnest(this.unexplained) as s order by s on conflict do nothing;
  return true;
end $$;

create or replace function public.ad_look_ledger_drift(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(r) from public.ledger_reconciliations r
   where (asked ->> 'venue') is null or r.venue = asked ->> 'venue'
   order by r.at desc, r.venue, r.strand limit least(coalesce((asked ->> 'limit')::integer, 100), 10000)
$$;

create or replace function public.ad_look_ledger_unexplained(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(u) from public.ledger_unexplained u
   where (asked ->> 'venue') is null or u.venue = asked ->> 'venue'
   order by u.venue collate "C", u.symbol collate "C" limit 10000
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.ledger_reconciliations', 'public.ledger_unexplained']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_ledger_reconciled', 'ad_look_ledger_drift', 'ad_look_ledger_unexplained']);
