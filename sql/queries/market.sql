Bars, heartbeats given, gaps, and what is kept.

-- store --
-- Stores bars that no heartbeat brings: imports and preloaded history; how many were new or different.
select public.market_store($1, $2::jsonb, null, $3);

-- pack --
-- Writes one whole day of a symbol of which nothing is there yet.
insert into public.market_days values
  ($1, $2, $3, $4, $5::smallint[], $6::smallint[], $7::bigint[],
   $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[],
   $13::integer[], $14::float8[], $15::float8[], $16::float8[], $17::float8[], $18::float8[], $19::float8[],
   $20::float8[], $21::boolean[]);

-- occupied_days, repeatable --
-- The days of a symbol that already have a bar, or a heartbeat of the venue.
select d.day from public.market_days d
 where d.venue = $1 and d.symbol = $2 and d.day between $3::date and $4::date
union
select (m.minute at time zone 'UTC')::date from public.market_minutes m
 where m.venue = $1 and m.symbol = $2
   and m.minute >= $3::date::timestamp at time zone 'UTC'
   and m.minute < ($4::date + 1)::timestamp at time zone 'UTC'
union
select (b.minute at time zone 'UTC')::date from public.market_beats b
 where b.venue = $1
   and b.minute >= $3::date::timestamp at time zone 'UTC'
   and b.minute < ($4::date + 1)::timestamp at time zone 'UTC';

-- columns, repeatable --
-- The bars of symbols in [start, stop) as columns: as known at $5, or with null in their first version.
select k.symbol,
       array_agg((extract(epoch from k.minute) / 60)::bigint order by k.minute) as minute,
       array_agg(k.open order by k.minute) as open, array_agg(k.high order by k.minute) as high,
       array_agg(k.low order by k.minute) as low, array_agg(k.close order by k.minute) as close,
       array_agg(k.volume order by k.minute) as volume,
       case when count(k.trades) > 0 then array_agg(k.trades order by k.minute) end as trades,
       case when count(k.quote_volume) > 0 then array_agg(k.quote_volume order by k.minute) end as quote_volume,
       case when count(k.bid) > 0 then array_agg(k.bid order by k.minute) end as bid,
       case when count(k.ask) > 0 then array_agg(k.ask order by k.minute) end as ask,
       case when count(k.mark) > 0 then array_agg(k.mark order by k.minute) end as mark,
       case when count(k.oracle) > 0 then array_agg(k.oracle order by k.minute) end as oracle,
       case when count(k.funding) > 0 then array_agg(k.funding order by k.minute) end as funding,
       case when count(k.open_interest) > 0
            then array_agg(k.open_interest order by k.minute) end as open_interest,
       array_agg(k.filled order by k.minute) as filled
  from public.market_known($1, $2::text[], $3, $4, $5) k
 group by k.symbol;

-- learned, repeatable --
-- What became known of a venue after one moment and up to another: how a window follows the heartbeat.
select b.symbol, (extract(epoch from b.minute) / 60)::bigint as minute, b.known_at, b.revision, b.open, b.high, b.low,
       b.close, b.volume, b.trades, b.quote_volume, b.bid, b.ask, b.mark, b.oracle, b.funding,
       b.open_interest, b.filled
  from public.market_minutes b
 where b.venue = $1 and b.known_at > $2 and b.known_at <= $3
 order by b.minute, b.symbol, b.revision;

-- rollup, repeatable --
-- Longer bars in [start, stop), each from the minutes known at $6 (null: their first versions).
select * from public.market_rollup($1, $2::text[], $3, $4, $5, $6);

-- gaps, repeatable --
-- Runs of missing minutes inside what a symbol has.
select * from public.market_gaps($1, $2::text[], $3, $4);

-- holes, repeatable --
-- The minutes in [start, stop) whose heartbeat went out and of which a symbol, known before, has no bar.
with told as (
  select distinct v.symbol, v.minute from public.market_versions($1, $2::text[], $3, $4) v),
since as (
  select t.symbol, min(t.minute) as minute from told t group by t.symbol)
select s.symbol, (extract(epoch from b.minute) / 60)::bigint as minute
  from public.market_beats b
  join since s on b.minute > s.minute
 where b.venue = $1 and b.minute >= $3 and b.minute < $4
   and not exists (select from told t where t.symbol = s.symbol and t.minute = b.minute);

-- last_beat, repeatable --
-- The newest minute of a venue whose heartbeat has been given.
select (extract(epoch from max(minute)) / 60)::bigint from public.market_beats where venue = $1;

-- held, repeatable --
-- What is there per venue and symbol, most of it told by the packed days without unpacking them.
select venue, symbol, sum(bars)::bigint as bars, sum(corrections)::bigint as corrections,
       min(first) as first, max(last) as last,
       (extract(epoch from max(last) - min(first)) / 60)::bigint + 1 - sum(bars)::bigint as missing
  from (select d.venue, d.symbol, d.bars, cardinality(d.open) - d.bars as corrections,
               d.day::timestamp at time zone 'UTC' + coalesce(d.minute[1], 0) * interval '1 minute' as first,
               d.day::timestamp at time zone 'UTC'
                 + coalesce(d.minute[cardinality(d.minute)], d.bars - 1) * interval '1 minute' as last
          from public.market_days d
        union all
        select m.venue, m.symbol, count(*) filter (where m.revision = 0),
               count(*) filter (where m.revision > 0), min(m.minute), max(m.minute)
          from public.market_minutes m
         group by m.venue, m.symbol) parts
 group by venue, symbol
 order by venue, symbol;

-- days_to_pack, repeatable --
-- Days before $1 that still lie as rows.
select distinct m.venue, m.symbol, (m.minute at time zone 'UTC')::date as day
  from public.market_minutes m
 where m.minute < $1::date::timestamp at time zone 'UTC'
 order by 3, 1, 2;

-- pack_day --
-- Packs one day of one symbol.
select * from public.market_pack($1, $2, $3);

-- forget_days --
-- Removes packed days before $1.
delete from public.market_days where day < $1::date;

-- forget_minutes --
-- Removes rows before $1.
delete from public.market_minutes where minute < $1::date::timestamp at time zone 'UTC';

-- forget_beats --
-- Removes the record of heartbeats before $1.
delete from public.market_beats where minute < $1::date::timestamp at time zone 'UTC';
