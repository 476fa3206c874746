-- The Trader's books: decisions that wait for their condition, and every order from the wish to its end.

create table if not exists public.trader_waits (
  decision   uuid primary key,
  plan       uuid,
  symbol     text not null,
  since      timestamptz not null,
  expires_at timestamptz not null
);
comment on table public.trader_waits is 'Approved decisions whose condition is not met yet.';
create index if not exists trader_waits_plan on public.trader_waits (plan);

create table if not exists public.trader_orders (
  cloid         text primary key,
  decision      uuid not null,
  plan          uuid,
  leg           text not null check (leg in ('entry', 'stop', 'take_profit', 'close')),
  venue         text not null,
  symbol        text not null,
  side          text not null check (side in ('buy', 'sell')),
  quantity      numeric not null check (quantity > 0),
  price         numeric not null,
  trigger       numeric,
  state         text not null,
  filled        numeric not null default 0,
  average_price numeric,
  fee_usd       numeric not null default 0,
  at            timestamptz not null
);
comment on table public.trader_orders is 'Every order by its client order id, which derives from decision and leg.';
create index if not exists trader_orders_decision on public.trader_orders (decision);
create index if not exists trader_orders_open on public.trader_orders (symbol)
  where state not in ('closed', 'cancelled', 'rejected', 'expired');

create table if not exists public.trader_trades (
  decision     uuid primary key,
  plan         uuid,
  symbol       text not null,
  opened_at    timestamptz not null,
  closed_at    timestamptz,
  realised_usd numeric
);
comment on table public.trader_trades is 'One row per position that a decision opened; closed once.';
create index if not exists trader_trades_open on public.trader_trades (symbol) where closed_at is null;

create or replace function public.ad_write_wait_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_waits
  select * from jsonb_populate_record(null::public.trader_waits, asked) on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_wait_end(asked jsonb) returns boolean
language sql set search_path = '' as $$
  delete from public.trader_waits w where w.decision = (asked ->> 'decision')::uuid;
  select true
$$;

-- An order comes in or moves on; what has ended stays as it ended.
create or replace function public.ad_write_order_put(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_orders as o
  select * from jsonb_populate_record(null::public.trader_orders, asked)
  on conflict (cloid) do update set
    state = excluded.state, filled = excluded.filled, average_price = excluded.average_price,
    fee_usd = excluded.fee_usd, at = excluded.at
   where o.state not in ('closed', 'cancelled', 'rejected', 'expired');
  select true
$$;

create or replace function public.ad_write_trade_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_trades (decision, plan, symbol, opened_at)
  select (asked ->> 'decision')::uuid, (asked ->> 'plan')::uuid, asked ->> 'symbol',
         (asked ->> 'opened_at')::timestamptz
  on conflict do nothing;
  select true
$$;

-- The one closing path: false when somebody closed the trade before.
create or replace function public.ad_write_trade_close(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.trader_trades t
     set closed_at = (asked ->> 'closed_at')::timestamptz, realised_usd = (asked ->> 'realised_usd')::numeric
   where t.decision = (asked ->> 'decision')::uuid and t.closed_at is null;
  return found;
end $$;

create or replace function public.ad_look_wait_open(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(w) from public.trader_waits w order by w.since, w.decision limit 10000
$$;

create or replace function public.ad_look_order_live(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) from public.trader_orders o
   where o.decision in (select t.decision from public.trader_trades t where t.closed_at is null)
      or o.plan in (select t.plan from public.trader_trades t where t.closed_at is null)
      or o.state not in ('closed', 'cancelled', 'rejected', 'expired', 'filled')
   order by o.at, o.cloid limit 10000
$$;

create or replace function public.ad_look_order_of(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) from public.trader_orders o
   where o.decision = (asked ->> 'decision')::uuid order by o.at, o.cloid limit 1000
$$;

create or replace function public.ad_look_trade_open(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) from public.trader_trades t where t.closed_at is null
   order by t.opened_at, t.decision limit 10000
$$;

create or replace function public.ad_look_trade_closed(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) from public.trader_trades t where t.closed_at is not null
   order by t.closed_at desc, t.decision limit least(coalesce((asked ->> 'limit')::integer, 100), 1000)
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.trader_waits', 'public.trader_orders', 'public.trader_trades']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_wait_open', 'ad_write_wait_end', 'ad_write_order_put', 'ad_write_trade_open', 'ad_write_trade_close',
   'ad_look_wait_open', 'ad_look_order_live', 'ad_look_order_of', 'ad_look_trade_open', 'ad_look_trade_closed']);
