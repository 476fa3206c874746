-- What did the last trades earn, and what ended them?
select t.closed_at, t.symbol, t.side, round(t.realised_usd, 2) as realised_usd, t.why as ended_by,
       t.closed_at - t.opened_at as held_for, t.stop, t.take_profit, t.worst, t.best, t.exploration as probe,
       t.plan, t.decision
  from trader_trades t
 where t.closed_at is not null
 order by t.closed_at desc
 limit 200;
