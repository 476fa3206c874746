What /metrics and `strandloom status` ask, at every scrape.

-- settled, repeatable --
-- Until when all posts have surely been committed: counts that end there can be added up.
select clock_timestamp() - interval '5 seconds';

-- strands, repeatable --
-- What was posted between two scrapes, by kind and team.
select s.kind, split_part(s.module, '.', 1) as team, count(*) as n
  from public.ad_strands s
 where s.created_at > $1 and s.created_at <= $2
 group by 1, 2;

-- violations, repeatable --
-- Rules that failed plans between two scrapes.
select failed ->> 'rule' as rule, count(*) as n
  from public.ad_strands s cross join lateral jsonb_array_elements(s.content -> 'failed') as failed
 where s.created_at > $1 and s.created_at <= $2 and s.kind = 'refusal'
 group by 1;

-- single, repeatable --
-- The figures of which there is one each; null where nothing is known.
select extract(epoch from clock_timestamp() - beat.created_at)::float8 as strandloom_heartbeat_age_seconds,
       extract(epoch from beat.event_at)::float8 as strandloom_market_time_seconds,
       jsonb_array_length(account.content -> 'held') as trading_positions_open,
       (account.content ->> 'equity_usd')::float8 as trading_portfolio_value_usd,
       (account.content ->> 'unrealised_usd')::float8 as trading_unrealized_pnl_usd,
       day.lost as trading_daily_loss_percent,
       plans.consensus as trading_agent_consensus,
       (select count(*) from public.risk_halts) as trading_halts
  from (select 1) one
  left join lateral (
    select s.created_at, s.event_at from public.ad_strands s
     where s.module = 'market.heartbeat' and s.kind = 'heartbeat'
     order by s.created_at desc limit 1) beat on true
  left join lateral (select * from public.ad_latest('position_tracking', null, 1)) account on true
  left join lateral (
    select greatest(0, ((r.content ->> 'day_start_usd')::float8 - (r.content ->> 'equity_usd')::float8)
                       / nullif((r.content ->> 'day_start_usd')::float8, 0) * 100) as lost
      from public.risk_state r order by r.version desc limit 1) day on true
  left join lateral (
    select avg((o ->> 'stance' = 'for')::integer)::float8 as consensus
      from public.ad_latest('trading_plan', null, 20) p
     cross join lateral jsonb_array_elements(p.content -> 'observations') o
     where o ->> 'stance' <> 'silent') plans on true;

-- orders, repeatable --
-- Orders by venue: what was sent, filled and refused, since there are books.
select o.venue,
       count(*) filter (where o.state not in ('intended')) as trading_orders_placed_total,
       count(*) filter (where o.filled > 0) as trading_orders_filled_total,
       count(*) filter (where o.state = 'rejected') as trading_orders_rejected_total
  from public.trader_orders o
 group by o.venue;

-- queues, repeatable --
-- What waits for each consumer, and how long the oldest has waited.
select q.consumer, q.waiting, q.leased, q.backing_off, q.expired, q.dead,
       extract(epoch from clock_timestamp() - s.created_at)::float8 as oldest_s
  from public.ad_queue_stats q left join public.ad_strands s on s.seq = q.oldest_seq;

-- ready, repeatable --
-- The roles that somebody leads.
select l.role, l.process, l.until > clock_timestamp() as in_force from public.ad_leaders l;

-- halts, repeatable --
-- Halts in force; a rule without a symbol stands for everything.
select h.rule, coalesce(nullif(h.symbol, ''), 'everything') as symbol, h.since, h.by, h.reason
  from public.risk_halts h order by h.since;
