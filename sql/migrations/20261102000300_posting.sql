-- How strands come onto the board: prepared rows from the network, named writes beside them, loose rows by hand.

-- Named writes: the write `budget.claim` is the function ad_write_budget_claim(jsonb) returning boolean.
-- False means that its condition no longer holds, and everything rolls back.
create or replace function public.ad_apply(p_writes jsonb) returns void
language plpgsql set search_path = '' as $$
declare
  w record;
  held boolean;
begin
  for w in select x.name, coalesce(x."values", '{}') as given
             from jsonb_to_recordset(p_writes) as x(name text, "values" jsonb)
  loop
    execute format('select public.%I($1)', 'ad_write_' || replace(w.name, '.', '_')) into held using w.given;
    if not held then
      raise exception 'the condition of the write % no longer holds', w.name
        using errcode = 'PT412', detail = w.name;
    end if;
  end loop;
end $$;

-- Post prepared rows and apply writes.  Idempotent by id; one statement, so one routing and one wake per consumer.
-- Returns the strands that were not there yet.
create or replace function public.ad_publish(p_rows jsonb, p_writes jsonb default '[]') returns table (id uuid, seq bigint)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
begin
  if p_writes <> '[]' then
    perform public.ad_apply(p_writes);
  end if;
  return query
  insert into public.ad_strands (
    id, lifecycle_id, parent_ids, hop, module, kind, schema_version, symbol, timeframe, session_bucket, regime,
    content, tags, confidence, novelty, surprise, persistence, phi, rho, theta, resonance, braid_level, event_at,
    created_at)
  select r.id, r.lifecycle_id, r.parent_ids, r.hop, r.module, r.kind, r.schema_version, r.symbol, r.timeframe,
         r.session_bucket, r.regime, r.content, r.tags, r.confidence, r.novelty, r.surprise, r.persistence,
         r.phi, r.rho, r.theta, r.resonance, r.braid_level, r.event_at, r.created_at
    from rows from (jsonb_to_recordset(p_rows) as (
           id uuid, lifecycle_id uuid, parent_ids uuid[], hop smallint, module text, kind text,
           schema_version smallint, symbol text, timeframe text, session_bucket text, regime text, content jsonb,
           tags text[], confidence float8, novelty float8, surprise float8, persistence float8, phi float8,
           rho float8, theta float8, resonance float8, braid_level smallint, event_at timestamptz,
           created_at timestamptz)) with ordinality as r(
         id, lifecycle_id, parent_ids, hop, module, kind, schema_version, symbol, timeframe, session_bucket, regime,
         content, tags, confidence, novelty, surprise, persistence, phi, rho, theta, resonance, braid_level,
         event_at, created_at, place)
   where not exists (select from public.ad_tombstones t where t.id = r.id)
   order by r.place
  on conflict (id) do nothing
  returning ad_strands.id, ad_strands.seq;
end $$;
