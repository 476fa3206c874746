-- Which patterns are the best and which the worst, by evidence?
-- Ranked by how surely they earn or cost after all costs: the mean result over its error, which counts blocks of
-- outcomes that overlap as one.  Below twenty blocks nothing is known yet.  `verdict` says what the numbers allow.
with league as (
  select k.key as pattern, k.n as outcomes, k.n_blocks as blocks, k.net_bps, k.se_bps, k.net_bps / k.se_bps as sure,
         k.net_bps - 1.96 * k.se_bps as low, k.net_bps + 1.96 * k.se_bps as high, k.sr, k.sr_low, k.brier_skill,
         k.resonance, k.as_of
    from public.pattern_keys k
   where k.n_blocks >= 20 and k.se_bps > 0 and strpos(k.key, '|') = 0 and strpos(k.key, ':') > 0)
select row_number() over (order by l.sure desc, l.pattern) as place, l.pattern,
       case when l.low > 0 then 'earns' when l.high < 0 then 'costs' else 'not known' end as verdict,
       round(l.net_bps::numeric, 2) as net_bps, round(l.low::numeric, 2) as at_least,
       round(l.high::numeric, 2) as at_most, l.outcomes, l.blocks, round(l.sr::numeric, 3) as success,
       round(l.sr_low::numeric, 3) as success_at_least, round(l.brier_skill::numeric, 4) as forecast_skill,
       round(l.resonance::numeric, 3) as resonance, l.as_of
  from league l
 order by place
 limit 200;
