-- One-minute bars: recent ones as rows, older days packed, both together as the view market_bars.

create table if not exists public.market_minutes (
  venue         text not null,
  symbol        text not null,
  minute        timestamptz not null,
  revision      smallint not null default 0 check (revision >= 0),
  known_at      timestamptz not null,
  open          double precision not null,
  high          double precision not null,
  low           double precision not null,
  close         double precision not null,
  volume        double precision not null,
  trades        integer,
  quote_volume  double precision,
  bid           double precision,
  ask           double precision,
  mark          double precision,
  oracle        double precision,
  funding       double precision,
  open_interest double precision,
  filled        boolean not null default false,
  primary key (venue, symbol, minute, revision)
);
comment on table public.market_minutes is
  'Bars that are not packed yet. Read market_bars instead: it shows all of them.';
comment on column public.market_minutes.minute is 'When the minute opened.';
comment on column public.market_minutes.revision is '0 is what the heartbeat used; corrections count up.';
comment on column public.market_minutes.known_at is 'Market time from which this version was known.';
comment on column public.market_minutes.funding is 'Hourly rate.';
comment on column public.market_minutes.filled is 'Made flat because nothing traded.';
create index if not exists market_minutes_known on public.market_minutes (venue, known_at);

create table if not exists public.market_days (
  venue         text not null,
  symbol        text not null,
  day           date not null,
  bars          smallint not null,
  minute        smallint[],
  revision      smallint[],
  known_ms      bigint[],
  open          double precision[] not null,
  high          double precision[] not null,
  low           double precision[] not null,
  close         double precision[] not null,
  volume        double precision[] not null,
  trades        integer[],
  quote_volume  double precision[],
  bid           double precision[],
  ask           double precision[],
  mark          double precision[],
  oracle        double precision[],
  funding       double precision[],
  open_interest double precision[],
  filled        boolean[],
  primary key (venue, symbol, day)
);
comment on table public.market_days is
  'Bars of past days, one row per symbol and UTC day: every version, as parallel arrays. Read market_bars.';
comment on column public.market_days.bars is 'Minutes that have a bar.';
comment on column public.market_days.minute is 'Minute of the day, ascending, versions of one together; null: 0, 1, 2 and so on.';
comment on column public.market_days.known_ms is 'How long after its minute closed a version was known; null: always 0.';

create table if not exists public.market_beats (
  venue  text not null,
  minute timestamptz not null,
  primary key (venue, minute)
);
comment on table public.market_beats is
  'Minutes whose heartbeat has been given: bars that come later are late, and a restart goes on from here.';

create or replace view public.market_bars as
  select venue, symbol, minute, revision, known_at, open, high, low, close, volume, trades, quote_volume,
         bid, ask, mark, oracle, funding, open_interest, filled, (minute at time zone 'UTC')::date as day
    from public.market_minutes
  union all
  select d.venue, d.symbol, b.opened, coalesce(b.revision, 0::smallint),
         b.opened + interval '1 minute' + coalesce(b.known_ms, 0) * interval '1 millisecond',
         b.open, b.high, b.low, b.close, b.volume, b.trades, b.quote_volume,
         b.bid, b.ask, b.mark, b.oracle, b.funding, b.open_interest, coalesce(b.filled, false), d.day
    from public.market_days d
   cross join lateral (
     select d.day::timestamp at time zone 'UTC' + coalesce(u.minute, u.place - 1) * interval '1 minute' as opened,
            u.*
       from unnest(d.minute, d.revision, d.known_ms, d.open, d.high, d.low, d.close, d.volume, d.trades,
                   d.quote_volume, d.bid, d.ask, d.mark, d.oracle, d.funding, d.open_interest, d.filled)
            with ordinality as u(minute, revision, known_ms, open, high, low, close, volume, trades,
                 quote_volume, bid, ask, mark, oracle, funding, open_interest, filled, place)) as b;
comment on view public.market_bars is
  'One row per venue, symbol, minute and revision, with the moment from which it was known. Name a day: it is fast.';

-- Every version of those symbols in [start, stop), touching only the days that are asked for.
create or replace function public.market_versions(
  p_venue text, p_symbols text[], p_start timestamptz, p_stop timestamptz)
returns setof public.market_bars
language sql stable rows 100000 set search_path = '' as $$
  select b.*
    from public.market_bars b
   where b.venue = p_venue and b.symbol = any(p_symbols)
     and b.day between (p_start at time zone 'UTC')::date and (p_stop at time zone 'UTC')::date
     and b.minute >= p_start and b.minute < p_stop
$$;

-- One version per minute: the newest that was known at p_as_of, or with null the first that ever was.
create or replace function public.market_known(
  p_venue text, p_symbols text[], p_start timestamptz, p_stop timestamptz, p_as_of timestamptz)
returns setof public.market_bars
language sql stable rows 100000 set search_path = '' as $$
  select distinct on (v.symbol, v.minute) v.*
    from public.market_versions(p_venue, p_symbols, p_start, p_stop) v
   where p_as_of is null or v.known_at <= p_as_of
   order by v.symbol, v.minute, case when p_as_of is null then v.revision else -v.revision end
$$;

-- Bars of any length, anchored in UTC, from what was known at p_as_of (null: from the first versions).
create or replace function public.market_rollup(
  p_venue text, p_symbols text[], p_length interval, p_start timestamptz, p_stop timestamptz,
  p_as_of timestamptz default null)
returns table (symbol text, opened timestamptz, open double precision, high double precision,
               low double precision, close double precision, volume double precision, trades bigint,
               quote_volume double precision, minutes bigint)
language sql stable set search_path = '' as $$
  select k.symbol, date_bin(p_length, k.minute, timestamptz '1970-01-01 00:00:00+00') as opened,
         (array_agg(k.open order by k.minute))[1], max(k.high), min(k.low),
         (array_agg(k.close order by k.minute desc))[1], sum(k.volume order by k.minute), sum(k.trades),
         sum(k.quote_volume order by k.minute), count(*)
    from public.market_known(p_venue, p_symbols, p_start, p_stop, p_as_of) k
   group by k.symbol, opened
   order by k.symbol, opened
$$;

-- Stores bars: a new minute as its first version, other numbers as a further one, the same numbers not at
-- all; how many were stored.  p_known_at null: each is known at its close, unless its heartbeat was given
-- without it or it is a correction; then at p_now.
create or replace function public.market_store(
  p_venue text, p_bars jsonb, p_known_at timestamptz, p_now timestamptz default clock_timestamp())
returns integer
language plpgsql set search_path = '' as $$
declare
  stored integer;
begin
  with told as (
    select distinct on (t.symbol, t.minute) t.*, coalesce(t.filled, false) as flat
      from jsonb_to_recordset(p_bars) as t(
        symbol text, minute timestamptz, open double precision, high double precision,
        low double precision, close double precision, volume double precision, trades integer,
        quote_volume double precision, bid double precision, ask double precision,
        mark double precision, oracle double precision, funding double precision,
        open_interest double precision, filled boolean))
  insert into public.market_minutes
  select p_venue, t.symbol, t.minute, coalesce(newest.revision + 1, 0),
         coalesce(p_known_at, case
           when newest.revision is null and not exists (
             select from public.market_beats b where b.venue = p_venue and b.minute = t.minute)
           then t.minute + interval '1 minute' else p_now end),
         t.open, t.high, t.low, t.close, t.volume, t.trades, t.quote_volume, t.bid, t.ask, t.mark,
         t.oracle, t.funding, t.open_interest, t.flat
    from told t
    left join lateral (
      select b.* from public.market_bars b
       where b.venue = p_venue and b.symbol = t.symbol and b.minute = t.minute
         and b.day = (t.minute at time zone 'UTC')::date
       order by b.revision desc limit 1) newest on true
   where newest.revision is null
      or (newest.open, newest.high, newest.low, newest.close, newest.volume, newest.trades,
          newest.quote_volume, newest.bid, newest.ask, newest.mark, newest.oracle, newest.funding,
          newest.open_interest, newest.filled)
         is distinct from
         (t.open, t.high, t.low, t.close, t.volume, t.trades, t.quote_volume, t.bid, t.ask, t.mark,
          t.oracle, t.funding, t.open_interest, t.flat)
  on conflict do nothing;
  get diagnostics stored = row_count;
  return stored;
end $$;

-- The named write market.store: a heartbeat's bars, and that it has been given.
create or replace function public.ad_write_market_store(p jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  given timestamptz := (p ->> 'minute')::timestamptz;
begin
  perform public.market_store(p ->> 'venue', p -> 'bars', given + interval '1 minute');
  insert into public.market_beats values (p ->> 'venue', given) on conflict do nothing;
  return true;
end $$;

-- Runs of missing minutes between a symbol's first and last bar in [start, stop).
create or replace function public.market_gaps(
  p_venue text, p_symbols text[], p_start timestamptz, p_stop timestamptz)
returns table (symbol text, first timestamptz, last timestamptz, minutes bigint)
language sql stable set search_path = '' as $$
  select g.symbol, g.before + interval '1 minute', g.minute - interval '1 minute',
         (extract(epoch from g.minute - g.before) / 60)::bigint - 1
    from (select v.symbol, v.minute, lag(v.minute) over (partition by v.symbol order by v.minute) as before
            from public.market_versions(p_venue, p_symbols, p_start, p_stop) v
           where v.revision = 0) g
   where g.minute - g.before > interval '1 minute'
   order by g.symbol, g.before
$$;

-- Packs one UTC day of one symbol; how many bytes its rows took, and how many the packed day takes.
create or replace function public.market_pack(p_venue text, p_symbol text, p_day date)
returns table (versions bigint, bytes_before bigint, bytes_after bigint)
language plpgsql set search_path = '' as $$
declare
  opened timestamptz := p_day::timestamp at time zone 'UTC';
begin
  select count(*), coalesce(sum(pg_column_size(m.*) + 4), 0) into versions, bytes_before
    from public.market_minutes m
   where m.venue = p_venue and m.symbol = p_symbol
     and m.minute >= opened and m.minute < opened + interval '1 day';
  with packed as (
    select count(*) filter (where v.revision = 0)::smallint as bars,
           array_agg((extract(epoch from v.minute - opened) / 60)::smallint order by v.minute, v.revision) as minute,
           case when bool_or(v.revision > 0)
                then array_agg(v.revision order by v.minute, v.revision) end as revision,
           case when bool_or(v.known_at <> v.minute + interval '1 minute')
                then array_agg((extract(epoch from v.known_at - v.minute) * 1000)::bigint - 60000
                               order by v.minute, v.revision) end as known_ms,
           array_agg(v.open order by v.minute, v.revision) as open,
           array_agg(v.high order by v.minute, v.revision) as high,
           array_agg(v.low order by v.minute, v.revision) as low,
           array_agg(v.close order by v.minute, v.revision) as close,
           array_agg(v.volume order by v.minute, v.revision) as volume,
           case when count(v.trades) > 0 then array_agg(v.trades order by v.minute, v.revision) end as trades,
           case when count(v.quote_volume) > 0
                then array_agg(v.quote_volume order by v.minute, v.revision) end as quote_volume,
           case when count(v.bid) > 0 then array_agg(v.bid order by v.minute, v.revision) end as bid,
           case when count(v.ask) > 0 then array_agg(v.ask order by v.minute, v.revision) end as ask,
           case when count(v.mark) > 0 then array_agg(v.mark order by v.minute, v.revision) end as mark,
           case when count(v.oracle) > 0 then array_agg(v.oracle order by v.minute, v.revision) end as oracle,
           case when count(v.funding) > 0 then array_agg(v.funding order by v.minute, v.revision) end as funding,
           case when count(v.open_interest) > 0
                then array_agg(v.open_interest order by v.minute, v.revision) end as open_interest,
           case when bool_or(v.filled) then array_agg(v.filled order by v.minute, v.revision) end as filled
      from public.market_versions(p_venue, array[p_symbol], opened, opened + interval '1 day') v)
  insert into public.market_days
  select p_venue, p_symbol, p_day, p.* from packed p where p.bars > 0
  on conflict (venue, symbol, day) do update set
    bars = excluded.bars, minute = excluded.minute, revision = excluded.revision,
    known_ms = excluded.known_ms, open = excluded.open, high = excluded.high, low = excluded.low,
    close = excluded.close, volume = excluded.volume, trades = excluded.trades,
    quote_volume = excluded.quote_volume, bid = excluded.bid, ask = excluded.ask, mark = excluded.mark,
    oracle = excluded.oracle, funding = excluded.funding, open_interest = excluded.open_interest,
    filled = excluded.filled;
  delete from public.market_minutes m
   where m.venue = p_venue and m.symbol = p_symbol
     and m.minute >= opened and m.minute < opened + interval '1 day';
  select coalesce(sum(pg_column_size(d.*)), 0) into bytes_after
    from public.market_days d where d.venue = p_venue and d.symbol = p_symbol and d.day = p_day;
  return next;
end $$;

select strandloom.protect_table('public.market_minutes');
select strandloom.protect_table('public.market_days');
select strandloom.protect_table('public.market_beats');
select strandloom.protect_view('public.market_bars');
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and (p.proname like 'market\_%' or p.proname = 'ad_write_market_store');
