-- Backtests: one row per run, and one per different result, because who tries often enough finds anything.

create table if not exists public.backtest_trials (
  fingerprint    text primary key,
  number         bigint generated always as identity unique,
  first_run_at   timestamptz not null default clock_timestamp(),
  data           text not null,
  days           integer not null check (days >= 0),
  sharpe_per_day double precision not null
);
comment on table public.backtest_trials is
  'Every different result that a backtest ever came to; their number deflates the next Sharpe ratio.';

create table if not exists public.backtest_runs (
  id          uuid primary key,
  fingerprint text not null references public.backtest_trials (fingerprint),
  started_at  timestamptz not null,
  finished_at timestamptz not null,
  folder      text not null,
  terms       jsonb not null,
  summary     jsonb not null
);
comment on table public.backtest_runs is 'Every backtest that was run: what was asked, what it came to, and where it lies.';
create index if not exists backtest_runs_started on public.backtest_runs (started_at desc);
create index if not exists backtest_runs_fingerprint on public.backtest_runs (fingerprint);

select strandloom.protect_table('public.backtest_trials'::regclass);
select strandloom.protect_table('public.backtest_runs'::regclass);
