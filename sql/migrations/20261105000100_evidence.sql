-- Evidence: predictions still open, one row per outcome, and what is known of every pattern key.

create table if not exists public.open_predictions (
  prediction uuid primary key,
  opens_at   timestamptz not null,
  content    jsonb not null
);
comment on table public.open_predictions is 'Predictions without an outcome yet; a restart follows them on from here.';
create index if not exists open_predictions_opens on public.open_predictions (opens_at);

create table if not exists public.pattern_evidence (
  prediction     uuid primary key,
  family         text not null check (family in ('pattern', 'plan', 'gate', 'execution')),
  pattern        text not null,
  direction      text not null check (direction in ('up', 'down')),
  symbol         text not null,
  timeframe      text not null,
  regime         text not null,
  session        text not null,
  p              double precision not null,
  p_base         double precision not null,
  reference_rate double precision not null,
  r_bps          double precision not null,
  gross_bps      double precision not null,
  opened_at      timestamptz not null,
  closed_at      timestamptz not null,
  entry          double precision not null,
  exit           double precision not null,
  closed_by      text not null,
  cost_model     text not null,
  horizon_s      integer not null,
  shadow         boolean not null,
  late           boolean not null,
  ambiguous      boolean not null,
  held_out       boolean not null
);
comment on table public.pattern_evidence is 'One row per closed, independent outcome.';
comment on column public.pattern_evidence.r_bps is 'Net of fees, slippage and funding under the cost model named.';
comment on column public.pattern_evidence.late is 'Kept, but it never confirms a lesson nor calibrates a forecast.';
create index if not exists pattern_evidence_opened on public.pattern_evidence (opened_at, prediction);
create index if not exists pattern_evidence_pattern on public.pattern_evidence (pattern, symbol, opened_at);

create table if not exists public.pattern_keys (
  key       text primary key,
  n         bigint not null,
  n_blocks  bigint not null,
  fresh     double precision not null,
  sr        double precision not null,
  sr_low    double precision not null,
  net_bps   double precision,
  se_bps    double precision,
  phi       double precision,
  rho       double precision,
  theta     double precision,
  resonance double precision,
  as_of     timestamptz not null
);
comment on table public.pattern_keys is
  'What is known today of every pattern with every scope: patterns as name:direction|symbol=…|timeframe=….';
comment on column public.pattern_keys.sr_low is 'The success rate is above this with 90 % probability.';
comment on column public.pattern_keys.phi is 'NULL until two timeframes have evidence.';

create or replace function public.ad_write_prediction_open(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.open_predictions (prediction, opens_at, content)
  select (asked ->> 'prediction')::uuid, (asked ->> 'opens_at')::timestamptz, asked -> 'content'
   where not exists (select 1 from public.pattern_evidence e where e.prediction = (asked ->> 'prediction')::uuid)
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_prediction_close(asked jsonb) returns boolean
language sql set search_path = '' as $$
  delete from public.open_predictions o where o.prediction = (asked ->> 'prediction')::uuid;
  select true
$$;

create or replace function public.ad_write_evidence_add(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.pattern_evidence
  select * from jsonb_populate_record(null::public.pattern_evidence, asked)
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_evidence_keys(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.pattern_keys (key, n, n_blocks, fresh, sr, sr_low, net_bps, se_bps, as_of)
  select k.key, k.n, k.n_blocks, k.fresh, k.sr, k.sr_low, k.net_bps, k.se_bps, (asked ->> 'as_of')::timestamptz
    from jsonb_to_recordset(asked -> 'keys') as k(key text, n bigint, n_blocks bigint, fresh double precision,
         sr double precision, sr_low double precision, net_bps double precision, se_bps double precision)
   order by k.key
  on conflict (key) do update set
    n = excluded.n, n_blocks = excluded.n_blocks, fresh = excluded.fresh, sr = excluded.sr,
    sr_low = excluded.sr_low, net_bps = excluded.net_bps, se_bps = excluded.se_bps, as_of = excluded.as_of
   where public.pattern_keys.as_of <= excluded.as_of;
  select true
$$;

create or replace function public.ad_look_prediction_open(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('prediction', o.prediction, 'opens_at', o.opens_at, 'content', o.content)
    from public.open_predictions o
   where (asked ->> 'after') is null or o.prediction > (asked ->> 'after')::uuid
   order by o.prediction limit least(coalesce((asked ->> 'limit')::integer, 1000), 10000)
$$;

create or replace function public.ad_look_evidence_page(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(e)
    from public.pattern_evidence e
   where (asked ->> 'after') is null
      or (e.opened_at, e.prediction) > ((asked ->> 'after_at')::timestamptz, (asked ->> 'after')::uuid)
   order by e.opened_at, e.prediction limit least(coalesce((asked ->> 'limit')::integer, 1000), 10000)
$$;

create or replace function public.ad_look_evidence_keys(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(k)
    from public.pattern_keys k
   where (asked ->> 'like') is null or k.key like (asked ->> 'like')
   order by k.n_blocks desc, k.key limit least(coalesce((asked ->> 'limit')::integer, 100), 10000)
$$;

create or replace function public.ad_look_evidence_key(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(k) from public.pattern_keys k
   where k.key in (select jsonb_array_elements_text(asked -> 'keys'))
   order by k.key limit 1000
$$;

create or replace function public.ad_look_evidence_shadows(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('opened_at', e.opened_at, 'r_bps', e.r_bps)
    from public.pattern_evidence e
   where e.shadow and e.symbol = asked ->> 'symbol' and e.opened_at >= (asked ->> 'since')::timestamptz
   order by e.opened_at, e.prediction limit 10000
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.open_predictions', 'public.pattern_evidence', 'public.pattern_keys']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_prediction_open', 'ad_write_prediction_close', 'ad_write_evidence_add', 'ad_write_evidence_keys',
   'ad_look_prediction_open', 'ad_look_evidence_page', 'ad_look_evidence_key',
   'ad_look_evidence_shadows', 'ad_look_evidence_keys']);
