-- What was known each night, what modules know after a restart, and outcomes beside the resonance of their day.

alter table public.pattern_evidence add column if not exists resonance double precision;
comment on column public.pattern_evidence.resonance is 'Of the pattern''s key, as known when the forecast was posted.';

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

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_score_put', 'ad_write_score_keep', 'ad_look_key_scores', 'ad_look_evidence_resonance']);
