-- Profit and loss of closed trades by day, symbol, venue, pattern, plan or lesson.

create or replace function public.ad_look_execution_pnl(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  with named as (
    select t.*, case asked ->> 'by'
             when 'day' then to_char(t.closed_at at time zone 'UTC', 'YYYY-MM-DD')
             when 'symbol' then t.symbol
             when 'venue' then t.venue
             when 'pattern' then t.pattern
             when 'plan' then t.plan::text
             when 'lesson' then l.lesson::text
           end as name
      from public.execution_trades t
      left join lateral unnest(t.lessons) as l(lesson) on asked ->> 'by' = 'lesson'
     where (asked ->> 'since') is null or t.closed_at >= (asked ->> 'since')::timestamptz)
  select jsonb_build_object('name', coalesce(n.name, 'none'), 'trades', count(*),
           'won', count(*) filter (where n.realised_usd > 0), 'pnl_usd', sum(n.realised_usd),
           'fees_usd', sum(n.fees_usd), 'funding_usd', sum(n.funding_usd),
           'expected_bps', avg(n.expected_bps), 'realised_bps', avg(n.realised_bps),
           'idea', case when asked ->> 'by' = 'plan' then min(n.idea) end)
    from named n group by n.name
   order by case when asked ->> 'by' = 'day' then n.name end desc, sum(n.realised_usd) desc, n.name collate "C"
   limit least(coalesce((asked ->> 'limit')::integer, 100), 10000)
$$;

select strandloom.protect_function('public.ad_look_execution_pnl(jsonb)'::regprocedure);
