-- Loose rows: what people and simple clients write by hand becomes proper strands.

-- The id behind any text: a UUID as it is, else hashed, the same for ever (basics.ids.named_id).
create or replace function public.ad_named_id(p_name text) returns uuid
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  bits bytea;
begin
  if p_name ~* '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$' then
    return p_name::uuid;
  end if;
  bits := substring(sha256(convert_to('strand', 'UTF8') || '\x00'::bytea || convert_to(p_name, 'UTF8')) for 16);
  bits := set_byte(bits, 6, (get_byte(bits, 6) & 15) | 128);
  return encode(set_byte(bits, 8, (get_byte(bits, 8) & 63) | 128), 'hex')::uuid;
end $$;

-- Refuse what no strand has, by the name of the field.
create or replace function public.ad_check_loose(p_row jsonb) returns void
language plpgsql immutable set search_path = '' as $$
declare
  field text;
begin
  if jsonb_typeof(p_row) is distinct from 'object' then
    raise exception 'a strand is an object of fields, not a %', coalesce(jsonb_typeof(p_row), 'null')
      using errcode = 'PT422';
  end if;
  for field in select k from jsonb_object_keys(p_row) as k
    where k <> all (array['id', 'lifecycle_id', 'parent_ids', 'module', 'kind', 'schema_version', 'symbol',
      'timeframe', 'session_bucket', 'regime', 'content', 'tags', 'confidence', 'novelty', 'surprise',
      'persistence', 'phi', 'rho', 'theta', 'resonance', 'braid_level', 'event_at', 'created_at'])
  loop
    raise exception '%: a strand has no such field', field using errcode = 'PT422';
  end loop;
  if coalesce(p_row ->> 'kind', '') = '' then
    raise exception 'kind: is missing; say what the strand is' using errcode = 'PT422';
  end if;
  if p_row ? 'content' and jsonb_typeof(p_row -> 'content') <> 'object' then
    raise exception 'content: write an object of names and values' using errcode = 'PT422';
  end if;
  foreach field in array array['tags', 'parent_ids'] loop
    if p_row ? field and jsonb_typeof(p_row -> field) <> 'array' then
      raise exception '%: write a list', field using errcode = 'PT422';
    end if;
  end loop;
end $$;

-- A loose row made whole: ids from any text, the lifecycle and hop of its first parent, and defaults.
create or replace function public.ad_tidy(p_row jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  given   jsonb := jsonb_strip_nulls(p_row);
  own     uuid;
  parents uuid[];
  first   record;
  missing uuid;
begin
  perform public.ad_check_loose(given);
  own := coalesce(public.ad_named_id(given ->> 'id'), public.ad_root_id());
  parents := array(select public.ad_named_id(p) from jsonb_array_elements_text(given -> 'parent_ids') as p);
  select p into missing from unnest(parents) as p
   where p not in (select known.id from public.ad_known(parents) known) limit 1;
  if found then
    raise exception 'parent_ids: the strand % does not exist', missing using errcode = 'PT422';
  end if;
  select known.lifecycle_id, known.hop into first from public.ad_known(parents[1:1]) known;
  return jsonb_build_object('module', 'people.by_hand', 'schema_version', 1, 'content', jsonb_build_object(),
                            'tags', jsonb_build_array(), 'braid_level', 0, 'event_at', clock_timestamp(),
                            'created_at', clock_timestamp())
      || given
      || jsonb_build_object('id', own, 'parent_ids', to_jsonb(parents), 'hop', coalesce(first.hop + 1, 0),
           'lifecycle_id', coalesce(public.ad_named_id(given ->> 'lifecycle_id'), first.lifecycle_id, own));
end $$;

-- Post one loose row or a list of them, all or nothing; a later row may name an earlier one as its parent.
-- What is already there is not posted twice.  The argument has no name, so that over HTTP the body is the row.
create or replace function public.ad_post(jsonb) returns table (id uuid, seq bigint)
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  loose jsonb;
  tidy  jsonb;
begin
  for loose in
    select r from jsonb_array_elements(case jsonb_typeof($1) when 'array' then $1 else jsonb_build_array($1) end) as r
  loop
    tidy := public.ad_tidy(loose);
    perform public.ad_publish(jsonb_build_array(tidy));
    return query select s.id, s.seq from public.ad_strands s where s.id = (tidy ->> 'id')::uuid;
  end loop;
exception when data_exception or check_violation or not_null_violation then
  raise exception '%', sqlerrm using errcode = 'PT422';
end $$;
