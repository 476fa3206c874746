-- Scores of every pattern key: what is known today, and what was known on each earlier night.

drop function if exists public.ad_write_evidence_keys(jsonb);
drop function if exists public.ad_look_evidence_keys(jsonb);
drop function if exists public.ad_look_evidence_key(jsonb);

alter table public.pattern_keys
  add column if not exists omega       double precision,
  add column if not exists persistence double precision,
  add column if not exists brier_skill double precision,
  add column if not exists surprise    double precision,
  add column if not exists novelty     double precision,
  add column if not exists selection   double precision;
comment on column public.pattern_keys.rho is 'Does its forecasting skill persist?  NULL until there are twenty blocks.';
comment on column public.pattern_keys.resonance is 'sqrt(phi * rho) * (1 + theta) / 2: ranks, never proves.';
comment on column public.pattern_keys.selection is 'Sure result × persistence × standing alone; nightly.';
create index if not exists pattern_keys_resonance on public.pattern_keys (resonance desc nulls last);

create table if not exists public.pattern_keys_past (
  like public.pattern_keys,
  primary key (key, as_of)
);
comment on table public.pattern_keys_past is 'The same as it was known each night: never changed.';

alter table public.pattern_evidence add column if not exists resonance double precision;
comment on column public.pattern_evidence.resonance is 'Of the pattern''s key, as known when the forecast was posted.';

-- Newer numbers replace older ones; what only the night works out stays until the next night.
create or replace function public.ad_write_score_put(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.pattern_keys as k
  select r.*
    from jsonb_array_elements(asked -> 'keys') as row
   cross join lateral jsonb_populate_record(
           null::public.pattern_keys, row || jsonb_build_object('as_of', asked -> 'as_of')) as r
   order by r.key
  on conflict (key) do update set
    n = excluded.n, n_blocks = excluded.n_blocks, fresh = excluded.fresh, sr = excluded.sr,
    sr_low = excluded.sr_low, net_bps = excluded.net_bps, se_bps = excluded.se_bps, phi = excluded.phi,
    rho = excluded.rho, omega = excluded.omega, theta = excluded.theta, resonance = excluded.resonance,
    persistence = excluded.persistence, brier_skill = excluded.brier_skill, surprise = excluded.surprise,
    novelty = coalesce(excluded.novelty, k.novelty), selection = coalesce(excluded.selection, k.selection),
    as_of = excluded.as_of
   where k.as_of <= excluded.as_of;
  select true
$$;

create or replace function public.ad_write_score_keep(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.pattern_keys_past
  select r.*
    from jsonb_array_elements(asked -> 'keys') as row
   cross join lateral jsonb_populate_record(
           null::public.pattern_keys, row || jsonb_build_object('as_of', asked -> 'as_of')) as r
   order by r.key
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_look_key_scores(asked jsonb) returns setof jsonb
language plpgsql stable set search_path = '' as $$
declare
  most constant integer := least(coalesce((asked ->> 'limit')::integer, 100), 10000);
begin
  if jsonb_typeof(asked -> 'keys') = 'array' then
    return query select to_jsonb(k) from public.pattern_keys k
     where k.key in (select jsonb_array_elements_text(asked -> 'keys'))
     order by k.key collate "C" limit 10000;
  elsif (asked ->> 'standing')::boolean then
    return query select to_jsonb(k) from public.pattern_keys k
     where k.key collate "C" > coalesce(asked ->> 'after', '') and (k.phi is not null or k.rho is not null)
     order by k.key collate "C" limit most;
  elsif asked ->> 'order' = 'resonance' then
    return query select to_jsonb(k) from public.pattern_keys k
     where (asked ->> 'like') is null or k.key like (asked ->> 'like')
     order by k.resonance desc nulls last, k.key collate "C" limit most;
  else
    return query select to_jsonb(k) from public.pattern_keys k
     where (asked ->> 'like') is null or k.key like (asked ->> 'like')
     order by k.n_blocks desc, k.key collate "C" limit most;
  end if;
end $$;

create or replace function public.ad_look_key_scores_then(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(newest) from jsonb_array_elements_text(asked -> 'keys') as wanted (key)
   cross join lateral (
     select * from public.pattern_keys_past k
      where k.key = wanted.key and k.as_of <= (asked ->> 'at')::timestamptz
      order by k.as_of desc limit 1) newest
   order by newest.key limit 10000
$$;

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

-- Outcomes that closed within a span and whose resonance was known before, as columns.
create or replace function public.ad_look_evidence_resonance(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  with found as (
    select e.opened_at, e.prediction, e.r_bps, e.resonance
      from public.pattern_evidence e
     where e.resonance is not null and e.family = 'pattern' and not e.late
       and e.opened_at >= (asked ->> 'since')::timestamptz and e.closed_at <= (asked ->> 'until')::timestamptz
     order by e.opened_at, e.prediction limit 200000)
  select jsonb_build_object(
           'opened_s', jsonb_agg(extract(epoch from f.opened_at)::bigint order by f.opened_at, f.prediction),
           'r_bps', jsonb_agg(f.r_bps order by f.opened_at, f.prediction),
           'resonance', jsonb_agg(f.resonance order by f.opened_at, f.prediction))
    from found f
  having count(*) > 0
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.pattern_keys', 'public.pattern_keys_past']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_score_put', 'ad_write_score_keep', 'ad_look_key_scores', 'ad_look_key_scores_then',
   'ad_look_evidence_columns', 'ad_look_evidence_resonance']);
