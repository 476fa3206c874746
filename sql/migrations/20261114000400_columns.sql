-- Outcomes as columns, oldest opening first: what a restart reads, twenty thousand at a time.
-- The page is put in order once; what is gathered from it keeps that order.

create or replace function public.ad_look_evidence_columns(asked jsonb) returns setof jsonb
language plpgsql stable set search_path = '' as $$
begin
  return query
  with page as materialized (
    select e.opened_at, e.prediction, e.closed_at, e.family = 'pattern' and not e.late as counts, e.r_bps, e.p,
           e.reference_rate,
           concat_ws('|', e.pattern, e.direction, e.symbol, e.timeframe, e.regime, e.session) as leaf
      from public.pattern_evidence e
     where (e.opened_at, e.prediction) > (coalesce((asked ->> 'after_at')::timestamptz, '-infinity'),
             coalesce((asked ->> 'after')::uuid, '00000000-0000-0000-0000-000000000000'))
     order by e.opened_at, e.prediction limit least(coalesce((asked ->> 'limit')::integer, 20000), 50000))
  select jsonb_build_object(
           'rows', count(*),
           'after', (select jsonb_build_array(l.opened_at, l.prediction) from page l
                      order by l.opened_at desc, l.prediction desc limit 1),
           'leaf', to_jsonb(array_agg(p.leaf)),
           'prediction', to_jsonb(array_agg(p.prediction)),
           'opened_s', to_jsonb(array_agg(extract(epoch from p.opened_at)::bigint)),
           'closed_s', to_jsonb(array_agg(extract(epoch from p.closed_at)::bigint)),
           'counts', to_jsonb(array_agg(p.counts)),
           'r_bps', to_jsonb(array_agg(p.r_bps)),
           'p', to_jsonb(array_agg(p.p)),
           'base', to_jsonb(array_agg(p.reference_rate)))
    from page p
  having count(*) > 0;
end $$;

select strandloom.protect_function('public.ad_look_evidence_columns(jsonb)'::regprocedure);
