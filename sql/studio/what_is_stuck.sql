-- What goes round in circles?  Open deliveries that were tried more than once, the most tried first.
select d.consumer, d.attempts, d.last_error, d.visible_at as again_at, d.holder, s.kind, s.symbol,
       clock_timestamp() - s.created_at as age, s.id, d.seq
  from ad_deliveries d join ad_strands s on s.seq = d.seq
 where d.attempts > 1
 order by d.attempts desc, d.seq
 limit 200;
