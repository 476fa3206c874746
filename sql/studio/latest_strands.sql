-- What happened last?  The newest hundred strands, each on one line.
select created_at, module, kind, symbol, timeframe, array_to_string(tags, ' ') as tags,
       round(confidence::numeric, 3) as confidence, left(content::text, 160) as says, id, lifecycle_id
  from ad_strands
 order by created_at desc, seq desc
 limit 100;
