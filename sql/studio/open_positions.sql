-- What is held right now, and what guards it?  Every open trade with its entry, what is left of it, and its stop.
select t.symbol, t.side, t.opened_at,
       coalesce(sum(o.filled) filter (where o.leg = 'entry'), 0)
         - coalesce(sum(o.filled) filter (where o.leg <> 'entry'), 0) as held,
       round((sum(o.filled * o.average_price) filter (where o.leg = 'entry')
         / nullif(sum(o.filled) filter (where o.leg = 'entry'), 0)), 6) as entry_price,
       t.stop, t.take_profit, t.worst, t.best,
       count(*) filter (where o.leg = 'stop' and o.state in ('acknowledged', 'partly_filled')) as stops_resting,
       t.exploration as probe, t.plan, t.decision
  from trader_trades t
  left join trader_orders o on o.trade = t.decision
 where t.closed_at is null
 group by t.decision
 order by t.opened_at
 limit 200;
