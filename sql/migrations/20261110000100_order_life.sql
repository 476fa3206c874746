-- Orders with their whole life: every move is checked, the story is kept, and an old version moves nothing.
-- Waits know their next slice, trades what they guard, and each venue how far its fills were read.

alter table public.trader_orders
  add column if not exists trade         uuid,
  add column if not exists part          integer not null default 0,
  add column if not exists reduce_only   boolean not null default false,
  add column if not exists style         text not null default '',
  add column if not exists expires_at    timestamptz not null default 'epoch',
  add column if not exists patient_until timestamptz,
  add column if not exists arrival       numeric,
  add column if not exists exploration   boolean not null default false,
  add column if not exists risk_usd      numeric not null default 0,
  add column if not exists stop          numeric,
  add column if not exists take_profit   numeric,
  add column if not exists oid           bigint,
  add column if not exists why           text not null default '',
  add column if not exists sent_at       timestamptz,
  add column if not exists story         text[] not null default '{}',
  add column if not exists version       integer not null default 1;
update public.trader_orders set trade = decision where trade is null;
alter table public.trader_orders alter column trade set not null;
comment on column public.trader_orders.story is 'The states it went through, with times and reasons.';
comment on column public.trader_orders.version is 'Counts its moves; a move from an older version is refused.';
create index if not exists trader_orders_trade on public.trader_orders (trade);
create index if not exists trader_orders_at on public.trader_orders (at desc, cloid desc);
drop index if exists public.trader_orders_open;
create index if not exists trader_orders_live on public.trader_orders (symbol)
  where state not in ('closed', 'cancelled', 'rejected', 'expired', 'filled');

alter table public.trader_trades
  add column if not exists venue       text not null default '',
  add column if not exists side        text not null default 'buy',
  add column if not exists stop        numeric,
  add column if not exists take_profit numeric,
  add column if not exists exploration boolean not null default false,
  add column if not exists worst       numeric,
  add column if not exists best        numeric,
  add column if not exists why         text not null default '';
create index if not exists trader_trades_closed on public.trader_trades (closed_at desc, decision);

alter table public.trader_waits
  add column if not exists part   integer not null default 0,
  add column if not exists due_at timestamptz,
  add column if not exists why    text not null default '';

create table if not exists public.trader_fills_read (
  venue text primary key,
  at    timestamptz not null,
  keys  text[] not null default '{}'
);
comment on table public.trader_fills_read is 'How far the fills of each venue were read, and which at the edge.';

-- Which state may follow which: the same table as teams/trader/life.py, and a test compares them.
create or replace function public.trader_may_follow(before text, after text) returns boolean
language sql immutable set search_path = '' as $$
  select case before
    when ''              then after in ('intended', 'filled')
    when 'intended'      then after in ('sent', 'cancelled', 'rejected', 'expired')
    when 'sent'          then after in ('acknowledged', 'partly_filled', 'filled', 'cancelled', 'rejected',
                                        'expired', 'unknown')
    when 'unknown'       then after in ('acknowledged', 'partly_filled', 'filled', 'cancelled', 'rejected',
                                        'expired', 'unknown')
    when 'acknowledged'  then after in ('acknowledged', 'partly_filled', 'filled', 'cancelled', 'rejected',
                                        'expired', 'unknown')
    when 'partly_filled' then after in ('partly_filled', 'filled', 'cancelled', 'rejected', 'expired', 'unknown')
    when 'filled'        then after in ('filled', 'closed')
    when 'cancelled'     then after in ('cancelled', 'closed')
    when 'rejected'      then after in ('rejected', 'closed')
    when 'expired'       then after in ('expired', 'closed')
    when 'closed'        then after in ('closed')
    else false
  end
$$;

-- An order comes in (was 0) or moves on; false when somebody else moved it meanwhile, an error when it cannot.
-- What a sender does before the order is known at the venue happens in one move here: the story has both steps.
create or replace function public.ad_write_order_advance(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  wanted public.trader_orders := jsonb_populate_record(null::public.trader_orders, asked - 'was');
  known  public.trader_orders;
begin
  select * into known from public.trader_orders o where o.cloid = wanted.cloid for update;
  if known = wanted then
    return true;
  end if;
  if coalesce(known.version, 0) <> (asked ->> 'was')::integer then
    return false;
  end if;
  if not public.trader_may_follow(coalesce(known.state, ''), wanted.state)
     and not (known.state = 'intended' and wanted.sent_at is not null
              and public.trader_may_follow('sent', wanted.state)) then
    raise exception 'an order cannot go from % to %: %', coalesce(known.state, 'nowhere'), wanted.state,
      array_to_string(wanted.story, ', then ') using errcode = 'PT409';
  end if;
  if known.cloid is null then
    insert into public.trader_orders select wanted.* on conflict do nothing;
    return found;
  end if;
  update public.trader_orders o
     set state = wanted.state, filled = wanted.filled, average_price = wanted.average_price,
         fee_usd = wanted.fee_usd, oid = wanted.oid, why = wanted.why, at = wanted.at, sent_at = wanted.sent_at,
         story = wanted.story, version = wanted.version, patient_until = wanted.patient_until
   where o.cloid = wanted.cloid;
  return true;
end $$;

create or replace function public.ad_write_trade_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_trades (decision, plan, venue, symbol, side, stop, take_profit, exploration, opened_at)
  select t.decision, t.plan, coalesce(t.venue, ''), t.symbol, coalesce(t.side, 'buy'), t.stop, t.take_profit,
         coalesce(t.exploration, false), t.opened_at
    from jsonb_populate_record(null::public.trader_trades, asked) t
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_trade_mark(asked jsonb) returns boolean
language sql set search_path = '' as $$
  update public.trader_trades t
     set worst = (asked ->> 'worst')::numeric, best = (asked ->> 'best')::numeric
   where t.decision = (asked ->> 'decision')::uuid and t.closed_at is null;
  select true
$$;

-- The one closing path: false when somebody closed the trade before.
create or replace function public.ad_write_trade_close(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  update public.trader_trades t
     set closed_at = (asked ->> 'closed_at')::timestamptz, realised_usd = (asked ->> 'realised_usd')::numeric,
         why = coalesce(asked ->> 'why', '')
   where t.decision = (asked ->> 'decision')::uuid and t.closed_at is null;
  return found;
end $$;

create or replace function public.ad_write_fills_read(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_fills_read as f
  select * from jsonb_populate_record(null::public.trader_fills_read, asked)
  on conflict (venue) do update set at = excluded.at, keys = excluded.keys;
  select true
$$;

create or replace function public.ad_write_wait_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.trader_waits (decision, plan, symbol, since, expires_at, part, due_at, why)
  select w.decision, w.plan, w.symbol, w.since, w.expires_at, coalesce(w.part, 0), w.due_at, coalesce(w.why, '')
    from jsonb_populate_record(null::public.trader_waits, asked) w
  on conflict do nothing;
  select true
$$;

-- The wait is over because its order is asked for; false when somebody took it before.
create or replace function public.ad_write_wait_take(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  delete from public.trader_waits w
   where w.decision = (asked ->> 'decision')::uuid and w.part = (asked ->> 'part')::integer;
  return found;
end $$;

-- A row of the books with its money as text, so that no digit is lost on the way.
create or replace function public.trader_order_row(o public.trader_orders) returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(o) || jsonb_build_object(
    'quantity', o.quantity::text, 'price', o.price::text, 'trigger', o.trigger::text, 'filled', o.filled::text,
    'average_price', o.average_price::text, 'fee_usd', o.fee_usd::text, 'arrival', o.arrival::text,
    'risk_usd', o.risk_usd::text, 'stop', o.stop::text, 'take_profit', o.take_profit::text)
$$;

create or replace function public.trader_trade_row(t public.trader_trades) returns jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) || jsonb_build_object(
    'stop', t.stop::text, 'take_profit', t.take_profit::text, 'worst', t.worst::text, 'best', t.best::text,
    'realised_usd', t.realised_usd::text)
$$;

create or replace function public.ad_look_order_live(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_order_row(o) from public.trader_orders o
   where o.trade in (select t.decision from public.trader_trades t where t.closed_at is null)
      or o.state not in ('closed', 'cancelled', 'rejected', 'expired', 'filled')
   order by o.at, o.cloid limit 10000
$$;

create or replace function public.ad_look_order_one(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_order_row(o) from public.trader_orders o where o.cloid = asked ->> 'cloid'
$$;

create or replace function public.ad_look_order_of(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_order_row(o) from public.trader_orders o
   where o.trade = (asked ->> 'trade')::uuid order by o.at, o.cloid limit 1000
$$;

create or replace function public.ad_look_order_newest(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_order_row(o) from public.trader_orders o
   order by o.at desc, o.cloid desc limit least(coalesce((asked ->> 'limit')::integer, 100), 1000)
$$;

create or replace function public.ad_look_trade_open(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_trade_row(t) from public.trader_trades t where t.closed_at is null
   order by t.opened_at, t.decision limit 10000
$$;

create or replace function public.ad_look_trade_closed(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select public.trader_trade_row(t) from public.trader_trades t where t.closed_at is not null
   order by t.closed_at desc, t.decision limit least(coalesce((asked ->> 'limit')::integer, 100), 1000)
$$;

create or replace function public.ad_look_fills_read(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(f) from public.trader_fills_read f where f.venue = asked ->> 'venue'
$$;

drop function if exists public.ad_write_order_put(jsonb);

select strandloom.protect_table('public.trader_fills_read'::regclass);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'trader_may_follow', 'trader_order_row', 'trader_trade_row',
   'ad_write_order_advance', 'ad_write_trade_open', 'ad_write_trade_mark', 'ad_write_trade_close',
   'ad_write_fills_read', 'ad_write_wait_open', 'ad_write_wait_take',
   'ad_look_order_live', 'ad_look_order_one', 'ad_look_order_of', 'ad_look_order_newest', 'ad_look_trade_open',
   'ad_look_trade_closed', 'ad_look_fills_read']);
