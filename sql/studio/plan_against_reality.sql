-- What did each trade come to, beside what its plan expected, and why?
-- The newest closed trades first; the sentence is the analyser's, made of measured numbers alone.
select t.closed_at, t.symbol, t.side, t.pattern, t.exploration as probe,
       round(t.expected_bps::numeric, 1) as expected_bps, round(t.realised_bps::numeric, 1) as realised_bps,
       make_interval(secs => t.expected_s) as expected_time, make_interval(secs => t.held_s) as held,
       round(t.realised_usd, 2) as realised_usd, t.ended_by,
       (select s.content ->> 'because' from ad_strands s
         where s.module = 'trader.analyser' and s.kind = 'performance_analysis'
           and s.content ->> 'about' = 'trade' and s.parent_ids @> array[t.decision]
         order by s.created_at desc limit 1) as because,
       t.plan, t.decision
  from execution_trades t
 order by t.closed_at desc
 limit 100;
