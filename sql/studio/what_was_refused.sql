-- What was refused over the last day of the market, and by which rules?
with newest as (select max(event_at) as at from ad_strands where kind = 'heartbeat')
select rule.value ->> 'rule' as rule, count(*) as refusals, count(distinct s.symbol) as symbols,
       max(s.event_at) as last_at,
       (array_agg(rule.value ->> 'value' || ' against ' || (rule.value ->> 'limit') order by s.seq desc))[1] as last
  from ad_strands s cross join newest
 cross join lateral jsonb_array_elements(s.content -> 'failed') rule
 where s.kind = 'refusal' and s.event_at > newest.at - interval '1 day'
 group by 1
 order by refusals desc, rule;
