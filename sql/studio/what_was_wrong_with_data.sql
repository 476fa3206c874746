-- What was wrong with the data lately?
-- Gaps, late, repeated and revised bars, silences and clocks that disagree, newest first.
select event_at, content ->> 'feed' as feed, symbol, content ->> 'problem' as problem,
       (content ->> 'count')::int as bars, content ->> 'first' as first, content ->> 'last' as last,
       content ->> 'offset_s' as offset_s
  from ad_strands
 where module = 'market.heartbeat' and kind = 'data_quality'
 order by created_at desc
 limit 200;
