-- The blackboard's table of strands, with the tombstones of what was pruned and the view that PostgREST shows.

-- A time-ordered id (UUID version 7) for what a person posts by hand.
create or replace function public.ad_root_id() returns uuid
language sql volatile parallel safe set search_path = '' as $$
  select encode(set_byte(stamped, 6, (get_byte(stamped, 6) & 15) | 112), 'hex')::uuid
    from (select overlay(uuid_send(gen_random_uuid())
                 placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                 from 1 for 6) as stamped) as fresh
$$;

create table if not exists public.ad_strands (
  id             uuid primary key default public.ad_root_id(),
  seq            bigint generated always as identity unique,
  lifecycle_id   uuid not null,
  parent_ids     uuid[] not null default '{}',
  hop            smallint not null default 0,
  module         text not null default 'people.by_hand',
  kind           text not null,
  schema_version smallint not null default 1,
  symbol         text,
  timeframe      text,
  session_bucket text,
  regime         text,
  content        jsonb not null default '{}',
  tags           text[] not null default '{}',
  confidence     double precision,
  novelty        double precision,
  surprise       double precision,
  persistence    double precision,
  phi            double precision,
  rho            double precision,
  theta          double precision,
  resonance      double precision,
  braid_level    smallint not null default 0,
  event_at       timestamptz not null default clock_timestamp(),
  created_at     timestamptz not null default clock_timestamp(),
  constraint ad_strands_module_named check (module <> ''),
  constraint ad_strands_kind_named check (kind <> ''),
  constraint ad_strands_levels_count_up check (hop >= 0 and braid_level >= 0 and schema_version > 0),
  constraint ad_strands_content_is_object check (jsonb_typeof(content) = 'object'),
  constraint ad_strands_tags_few check (cardinality(tags) <= 32)
);
comment on table public.ad_strands is
  'Where the teams meet: immutable, tagged strands. To change your mind, post another.';
comment on column public.ad_strands.seq is 'Insert order for people and delivery; never a cursor.';
comment on column public.ad_strands.lifecycle_id is 'The decision chain it belongs to.';
comment on column public.ad_strands.parent_ids is 'The strands that caused this one, the delivered one first.';
comment on column public.ad_strands.hop is '1 + hop of the delivered strand that triggered it.';
comment on column public.ad_strands.tags is 'team:topic[:detail...], at most 32; what consumers subscribe to.';
comment on column public.ad_strands.event_at is 'Market time.';
comment on column public.ad_strands.created_at is 'Wall time.';

create index if not exists ad_strands_lifecycle on public.ad_strands (lifecycle_id, created_at);
create index if not exists ad_strands_kind on public.ad_strands (module, kind, created_at desc);
create index if not exists ad_strands_symbol on public.ad_strands (symbol, created_at desc);
create index if not exists ad_strands_time on public.ad_strands (created_at);
create index if not exists ad_strands_tags on public.ad_strands using gin (tags) with (fastupdate = off);
create index if not exists ad_strands_parents on public.ad_strands using gin (parent_ids) with (fastupdate = off)
  where parent_ids <> '{}';

create table if not exists public.ad_tombstones (
  id           uuid primary key,
  kind         text not null,
  lifecycle_id uuid not null,
  hop          smallint not null,
  pruned_at    timestamptz not null default clock_timestamp()
);
comment on table public.ad_tombstones is
  'What is left of a pruned strand, so that parents always exist and nothing is posted twice.';

-- A row typed by hand needs no lifecycle: it joins that of its first parent, or starts its own.
create or replace function public.ad_adopt() returns trigger
language plpgsql set search_path = '' as $$
begin
  select s.lifecycle_id, s.hop + 1 into new.lifecycle_id, new.hop
    from public.ad_strands s where s.id = new.parent_ids[1];
  new.lifecycle_id := coalesce(new.lifecycle_id, new.id);
  new.hop := coalesce(new.hop, 0);
  return new;
end $$;
create or replace trigger ad_adopt before insert on public.ad_strands
  for each row when (new.lifecycle_id is null) execute function public.ad_adopt();

create or replace function public.ad_immutable() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'a strand is never edited: post another one' using errcode = 'PT405';
end $$;
create or replace trigger ad_immutable before update on public.ad_strands
  for each statement execute function public.ad_immutable();

-- Unquoted SQL folds AD_strands to ad_strands; over HTTP, which is case-sensitive, this view answers.
create or replace view public."AD_strands" with (security_invoker = true) as
  select id, seq, lifecycle_id, parent_ids, hop, module, kind, schema_version, symbol, timeframe,
         session_bucket, regime, content, tags, confidence, novelty, surprise, persistence, phi, rho,
         theta, resonance, braid_level, event_at, created_at
    from public.ad_strands;
