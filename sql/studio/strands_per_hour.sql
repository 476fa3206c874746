-- Is everybody talking as usual?  Strands per kind and hour of the last day, the newest hour first.
select date_trunc('hour', created_at) as hour, kind, module, count(*) as strands,
       count(distinct symbol) as symbols, max(created_at) as last_one
  from ad_strands
 where created_at >= clock_timestamp() - interval '1 day'
 group by 1, 2, 3
 order by 1 desc, strands desc, kind
 limit 1000;
