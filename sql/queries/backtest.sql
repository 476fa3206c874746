Backtests that were run, and how many different ideas they tried.

-- try --
-- Count a result as a trial, unless it was there.
insert into public.backtest_trials (fingerprint, data, days, sharpe_per_day)
values ($1, $2, $3, $4) on conflict do nothing;

-- trials_before, repeatable --
-- The Sharpe ratios per day of all trials before this one, in their order.
select t.sharpe_per_day from public.backtest_trials t
 where t.number < (select own.number from public.backtest_trials own where own.fingerprint = $1)
 order by t.number;

-- record --
-- Keep a run.
insert into public.backtest_runs (id, fingerprint, started_at, finished_at, folder, terms, summary)
values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb) on conflict do nothing;

-- runs, repeatable --
-- The newest runs.
select * from public.backtest_runs order by started_at desc limit $1;

-- said, repeatable --
-- Every strand of a stretch of market time, in the order of the board; $3 names kinds, null means all.
select s.id, s.seq, s.lifecycle_id, s.parent_ids, s.hop, s.module, s.kind, s.schema_version, s.symbol, s.timeframe,
       s.session_bucket, s.regime, s.content::text as content, s.tags, s.confidence, s.novelty, s.surprise,
       s.persistence, s.phi, s.rho, s.theta, s.resonance, s.braid_level, s.event_at, s.created_at
  from public.ad_strands s
 where s.event_at > $1 and s.event_at <= $2 and ($3::text[] is null or s.kind = any ($3::text[]))
 order by s.seq;
