-- How orders were executed: each with its yardstick and its result, running sums by way of sending, closed trades.

create table if not exists public.execution_orders (
  cloid           text primary key,
  intent          uuid not null,
  decision        uuid not null,
  trade           uuid not null,
  plan            uuid,
  leg             text not null,
  venue           text not null,
  symbol          text not null,
  side            text not null check (side in ('buy', 'sell')),
  style           text not null,
  volatility      text not null,
  spread          text not null,
  size            text not null,
  timeframe       text not null,
  quantity        numeric not null check (quantity > 0),
  arrival         numeric not null check (arrival > 0),
  half_spread_bps double precision,
  crossing_bps    double precision,
  fee_bps         double precision,
  p               double precision not null check (p between 0 and 1),
  p_above         double precision not null,
  wanted_at       timestamptz not null,
  wanted_wall     timestamptz,
  sent_s          double precision,
  acknowledged_s  double precision,
  doubted         uuid,
  filled_at       timestamptz,
  state           text,
  filled          numeric,
  average_price   numeric,
  paid_usd        numeric,
  slippage_bps    double precision,
  saved_bps       double precision,
  closed_at       timestamptz
);
comment on table public.execution_orders is 'Every order with what a taker order at arrival would have cost, and what it cost.';
comment on column public.execution_orders.p is 'That it saves against the taker order; written down when the order was wanted.';
comment on column public.execution_orders.wanted_wall is 'Wall time, where latencies are measured: not on paper.';
comment on column public.execution_orders.closed_at is 'Market time at which it ended; NULL while it lives.';
create index if not exists execution_orders_trade on public.execution_orders (trade);
create index if not exists execution_orders_closed on public.execution_orders (closed_at) where closed_at is not null;

create table if not exists public.execution_sums (
  key          text primary key,
  orders       double precision not null default 0,
  measured     double precision not null default 0,
  wins         double precision not null default 0,
  rejected     double precision not null default 0,
  doubted      double precision not null default 0,
  share        double precision not null default 0,
  executed     double precision not null default 0,
  slippage_bps double precision not null default 0,
  fee_bps      double precision not null default 0,
  saved_bps    double precision not null default 0,
  saved_sq     double precision not null default 0,
  answered     double precision not null default 0,
  answer_s     double precision not null default 0,
  weight       double precision not null default 0,
  trades       double precision not null default 0,
  held_share   double precision not null default 0,
  newest       text[] not null default '{}',
  doubt        uuid,
  learnt       integer not null default 0
);
comment on table public.execution_sums is
  'Running sums by way of sending, venue|style|volatility|spread|size, and coarser: never recounted, so cheap for ever.';
comment on column public.execution_sums.weight is 'Orders weighted with a half-life of 30 days, relative to 2020.';
comment on column public.execution_sums.learnt is 'At how many orders something was last learnt from it.';

create table if not exists public.execution_trades (
  decision      uuid primary key,
  plan          uuid,
  venue         text not null,
  symbol        text not null,
  side          text not null,
  idea          text,
  pattern       text,
  lessons       uuid[] not null,
  exploration   boolean not null,
  opened_at     timestamptz not null,
  closed_at     timestamptz not null,
  entered_usd   numeric not null,
  realised_usd  numeric not null,
  fees_usd      numeric not null,
  funding_usd   numeric not null,
  expected_bps  double precision,
  realised_bps  double precision not null,
  expected_s    double precision,
  held_s        double precision not null,
  ended_by      text not null
);
comment on table public.execution_trades is 'Every closed trade with what it earned, and to which pattern, plan and lessons that belongs.';
create index if not exists execution_trades_closed on public.execution_trades (closed_at);
create index if not exists execution_trades_plan on public.execution_trades (plan) where plan is not null;

-- Adds to running sums; rows are locked in the order of their keys.
create or replace function strandloom.execution_add(sums jsonb, cloid text) returns void
language sql set search_path = '' as $$
  insert into public.execution_sums as s (key, orders, measured, wins, rejected, doubted, share, executed,
         slippage_bps, fee_bps, saved_bps, saved_sq, answered, answer_s, weight, trades, held_share, newest)
  select a.key, coalesce(a.orders, 0), coalesce(a.measured, 0), coalesce(a.wins, 0), coalesce(a.rejected, 0),
         coalesce(a.doubted, 0), coalesce(a.share, 0), coalesce(a.executed, 0), coalesce(a.slippage_bps, 0),
         coalesce(a.fee_bps, 0), coalesce(a.saved_bps, 0), coalesce(a.saved_sq, 0), coalesce(a.answered, 0),
         coalesce(a.answer_s, 0), coalesce(a.weight, 0), coalesce(a.trades, 0), coalesce(a.held_share, 0),
         array_remove(array[cloid], null)
    from jsonb_to_recordset(sums) as a(key text, orders float8, measured float8, wins float8, rejected float8,
         doubted float8, share float8, executed float8, slippage_bps float8, fee_bps float8, saved_bps float8,
         saved_sq float8, answered float8, answer_s float8, weight float8, trades float8, held_share float8)
   order by a.key
  on conflict (key) do update set
    orders = s.orders + excluded.orders, measured = s.measured + excluded.measured, wins = s.wins + excluded.wins,
    rejected = s.rejected + excluded.rejected, doubted = s.doubted + excluded.doubted,
    share = s.share + excluded.share, executed = s.executed + excluded.executed,
    slippage_bps = s.slippage_bps + excluded.slippage_bps, fee_bps = s.fee_bps + excluded.fee_bps,
    saved_bps = s.saved_bps + excluded.saved_bps, saved_sq = s.saved_sq + excluded.saved_sq,
    answered = s.answered + excluded.answered, answer_s = s.answer_s + excluded.answer_s,
    weight = s.weight + excluded.weight, trades = s.trades + excluded.trades,
    held_share = s.held_share + excluded.held_share,
    newest = (s.newest || excluded.newest)[greatest(cardinality(s.newest || excluded.newest) - 31, 1):]
$$;

create or replace function public.ad_write_execution_begin(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.execution_orders
  select * from jsonb_populate_record(null::public.execution_orders, asked) on conflict do nothing;
  select true
$$;

-- What is learnt of an order while it lives: when it was sent and answered, and that its fate is unknown.
create or replace function public.ad_write_execution_mark(asked jsonb) returns boolean
language sql set search_path = '' as $$
  update public.execution_orders o set
    sent_s = coalesce(o.sent_s, (asked ->> 'sent_s')::float8),
    acknowledged_s = coalesce(o.acknowledged_s, (asked ->> 'acknowledged_s')::float8),
    doubted = coalesce(o.doubted, (asked ->> 'doubted')::uuid),
    filled_at = coalesce(o.filled_at, (asked ->> 'filled_at')::timestamptz)
   where o.cloid = asked ->> 'cloid';
  select true
$$;

-- An order ends once; only then do the sums move.
create or replace function public.ad_write_execution_end(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.execution_orders o set
    state = asked ->> 'state', filled = (asked ->> 'filled')::numeric,
    average_price = (asked ->> 'average_price')::numeric, paid_usd = (asked ->> 'paid_usd')::numeric,
    slippage_bps = (asked ->> 'slippage_bps')::float8, saved_bps = (asked ->> 'saved_bps')::float8,
    closed_at = (asked ->> 'closed_at')::timestamptz
   where o.cloid = asked ->> 'cloid' and o.closed_at is null;
  if found then
    perform strandloom.execution_add(asked -> 'sums', asked ->> 'cloid');
  end if;
  return true;
end $$;

create or replace function public.ad_write_execution_trade(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.execution_trades
  select * from jsonb_populate_record(null::public.execution_trades, asked) on conflict do nothing;
  if found then
    perform strandloom.execution_add(asked -> 'sums', null);
  end if;
  return true;
end $$;

-- What was told of a way of sending: an open question, and how much was known when it was last learnt from.
create or replace function public.ad_write_execution_told(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.execution_sums as s (key, doubt, learnt)
  values (asked ->> 'key', (asked ->> 'doubt')::uuid, coalesce((asked ->> 'learnt')::integer, 0))
  on conflict (key) do update set
    doubt = case when asked ? 'doubt' then excluded.doubt else s.doubt end,
    learnt = greatest(s.learnt, excluded.learnt);
  select true
$$;

create or replace function public.ad_look_execution_order(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) from public.execution_orders o where o.cloid = asked ->> 'cloid'
$$;

create or replace function public.ad_look_execution_of(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) from public.execution_orders o where o.trade = (asked ->> 'trade')::uuid
   order by o.wanted_at, o.cloid collate "C" limit 1000
$$;

create or replace function public.ad_look_execution_sums(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(s) from public.execution_sums s
   where s.key in (select jsonb_array_elements_text(asked -> 'keys')) order by s.key collate "C" limit 1000
$$;

create or replace function public.ad_look_execution_venues(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(s) from public.execution_sums s where strpos(s.key, '|') = 0 order by s.key collate "C" limit 1000
$$;

create or replace function public.ad_look_execution_trades(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) from public.execution_trades t
   where t.closed_at >= (asked ->> 'since')::timestamptz and t.closed_at < (asked ->> 'until')::timestamptz
   order by t.closed_at, t.decision limit 10000
$$;

create or replace function public.ad_look_execution_closed(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) from public.execution_orders o
   where o.closed_at >= (asked ->> 'since')::timestamptz and o.closed_at < (asked ->> 'until')::timestamptz
   order by o.closed_at, o.cloid collate "C" limit 10000
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.execution_orders', 'public.execution_sums', 'public.execution_trades']::regclass[]) as t;
select strandloom.protect_function('strandloom.execution_add(jsonb, text)'::regprocedure);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_execution_begin', 'ad_write_execution_mark', 'ad_write_execution_end', 'ad_write_execution_trade',
   'ad_write_execution_told', 'ad_look_execution_order', 'ad_look_execution_of', 'ad_look_execution_sums',
   'ad_look_execution_venues', 'ad_look_execution_trades', 'ad_look_execution_closed']);
