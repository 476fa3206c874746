-- Bounded reads of the past, for people and modules: never more than a thousand strands.

create or replace function public.ad_bounded(p_limit integer) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select greatest(0, least(p_limit, 1000))
$$;

-- What is remembered of strands, pruned or not.
create or replace function public.ad_known(p_ids uuid[])
returns table (id uuid, kind text, lifecycle_id uuid, hop smallint)
language sql stable set search_path = '' as $$
  select s.id, s.kind, s.lifecycle_id, s.hop from public.ad_strands s where s.id = any(p_ids)
  union all
  select t.id, t.kind, t.lifecycle_id, t.hop from public.ad_tombstones t where t.id = any(p_ids)
$$;

create or replace function public.ad_get(p_id uuid) returns setof public.ad_strands
language sql stable set search_path = '' as $$
  select * from public.ad_strands where id = p_id
$$;

-- The strands of a lifecycle, oldest first.
create or replace function public.ad_chain(p_lifecycle uuid, p_limit integer default 200) returns setof public.ad_strands
language sql stable set search_path = '' as $$
  select * from public.ad_strands where lifecycle_id = p_lifecycle
   order by created_at, seq limit public.ad_bounded(p_limit)
$$;

-- The newest strands of a kind.  Without a symbol it asks each module's part of the index (there are few modules).
create or replace function public.ad_latest(p_kind text, p_symbol text default null, p_limit integer default 1)
returns setof public.ad_strands
language plpgsql stable set search_path = '' as $$
begin
  if p_symbol is not null then
    return query
    select * from public.ad_strands s where s.symbol = p_symbol and s.kind = p_kind
     order by s.created_at desc, s.seq desc limit public.ad_bounded(p_limit);
    return;
  end if;
  return query
  with recursive modules as (
    (select s.module from public.ad_strands s order by s.module limit 1)
    union all
    (select (select s.module from public.ad_strands s where s.module > m.module order by s.module limit 1)
       from modules m where m.module is not null))
  select newest.*
    from modules m
   cross join lateral (
     select * from public.ad_strands s where s.module = m.module and s.kind = p_kind
      order by s.created_at desc, s.seq desc limit public.ad_bounded(p_limit)) newest
   order by newest.created_at desc, newest.seq desc limit public.ad_bounded(p_limit);
end $$;

-- The strands that caused it, in its own order; pruned ones are left out.
create or replace function public.ad_parents(p_id uuid) returns setof public.ad_strands
language sql stable set search_path = '' as $$
  select p.* from public.ad_strands s
   cross join unnest(s.parent_ids) with ordinality as named(id, place)
    join public.ad_strands p on p.id = named.id
   where s.id = p_id order by named.place
$$;

-- The strands that name it as a parent, oldest first.
create or replace function public.ad_children(p_id uuid, p_limit integer default 200) returns setof public.ad_strands
language sql stable set search_path = '' as $$
  select * from public.ad_strands where parent_ids @> array[p_id] and parent_ids <> '{}'
   order by seq limit public.ad_bounded(p_limit)
$$;

-- A page of strands, newest first; null matches everything, p_tag is a pattern, p_before_* is where the last page
-- ended.  Planned anew for each call, so that what is null costs nothing.
create or replace function public.ad_find(
  p_tag text default null, p_kind text default null, p_module text default null, p_symbol text default null,
  p_since timestamptz default null, p_until timestamptz default null,
  p_before_at timestamptz default null, p_before_seq bigint default null, p_limit integer default 100)
returns setof public.ad_strands
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  below text := case when p_tag like '%:*:*' then null  -- outside the grammar: matches nothing
                     when p_tag like '%:%:*' then '(^| )' || left(p_tag, -2) || '(:| |$)'
                     when p_tag like '%:*' then '(^| )' || left(p_tag, -1) end;
begin
  return query
  select * from public.ad_strands s
   where (p_kind is null or s.kind = p_kind)
     and (p_module is null or s.module = p_module)
     and (p_symbol is null or s.symbol = p_symbol)
     and (p_since is null or s.created_at >= p_since)
     and (p_until is null or s.created_at < p_until)
     and (p_before_at is null or s.created_at <= p_before_at)
     and (p_before_at is null or (s.created_at, s.seq) < (p_before_at, p_before_seq))
     and (p_tag is null or p_tag = '*' or p_tag like '%:*' or s.tags @> array[p_tag])
     and (p_tag is null or p_tag not like '%:*' or array_to_string(s.tags, ' ') ~ below)
   order by s.created_at desc, s.seq desc limit public.ad_bounded(p_limit) + 1;
end $$;

-- Named looks: the look `budget.open` is the function ad_look_budget_open(jsonb) returning setof jsonb.
create or replace function public.ad_look(p_name text, p_values jsonb default '{}') returns table (found jsonb)
language plpgsql stable set search_path = '' as $$
begin
  return query execute format('select * from public.%I($1)', 'ad_look_' || replace(p_name, '.', '_')) using p_values;
end $$;
