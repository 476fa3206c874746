-- Who reads what, and the fan-out: every insert of strands writes one delivery per interested consumer.

create table if not exists public.ad_consumers (
  consumer     text primary key,
  patterns     text[] not null,
  order_by     text not null default 'lifecycle' check (order_by in ('lifecycle', 'feed', 'symbol', 'free')),
  lease_s      double precision not null default 30 check (lease_s > 0),
  max_attempts smallint not null default 6 check (max_attempts > 0),
  paused       boolean not null default false,
  updated_at   timestamptz not null default clock_timestamp()
);
comment on table public.ad_consumers is 'The modules that read the board: their patterns and how they are served.';
comment on column public.ad_consumers.order_by is
  'Which deliveries wait for each other: of one lifecycle, feed or symbol, or (free) none.';
comment on column public.ad_consumers.paused is 'True: deliveries gather, nothing is handed out.';

create table if not exists public.ad_deliveries (
  consumer   text not null,
  seq        bigint not null,
  strand_id  uuid not null,
  order_key  uuid,
  visible_at timestamptz not null default clock_timestamp(),
  attempts   smallint not null default 0,
  forgiven   smallint not null default 0,
  holder     text,
  last_error text,
  primary key (consumer, seq)
) with (fillfactor = 70,
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
comment on table public.ad_deliveries is 'Open deliveries only: a settled one is deleted.';
comment on column public.ad_deliveries.order_key is
  'The lifecycle, or a hash of feed or symbol; of one key only the oldest open delivery can be claimed.';
comment on column public.ad_deliveries.visible_at is 'When it may be claimed: end of the lease or of a back-off.';
comment on column public.ad_deliveries.attempts is 'Claims so far: the fencing token of whoever holds it.';
comment on column public.ad_deliveries.forgiven is 'Attempts that no longer count: before a person retried it.';

create table if not exists public.ad_dead_letters (
  consumer   text not null,
  seq        bigint not null,
  strand_id  uuid not null,
  attempts   smallint not null,
  last_error text not null,
  died_at    timestamptz not null default clock_timestamp(),
  primary key (consumer, seq)
);
comment on table public.ad_dead_letters is 'Deliveries that were given up, with the last error; they wait for a person.';

-- Every pattern that matches one of the tags: the tags, team:topic:*, team:* and *.
-- Malformed tags are refused here, at the door, whoever posts.
create or replace function public.ad_tag_keys(p_tags text[]) returns text[]
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  tag  text;
  keys text[] := array['*'];
begin
  foreach tag in array p_tags loop
    if tag is null or tag !~ '^(market|raw_data|cil|dm|trader|learning|system)(:[a-z0-9_]+)+$' then
      raise exception 'tags: % is not a tag; write team:topic[:detail...] with one of the teams '
        'market, raw_data, cil, dm, trader, learning, system', coalesce(quote_literal(tag), 'null')
        using errcode = 'PT422';
    end if;
    keys := keys || array[tag, split_part(tag, ':', 1) || ':*',
                          split_part(tag, ':', 1) || ':' || split_part(tag, ':', 2) || ':*'];
  end loop;
  return keys;
end $$;

-- What deliveries of one strand wait for; null lets them run freely.  Its names are resolved here and now, so it
-- needs no search_path of its own and can be inlined.
create or replace function public.ad_order_key(p_order_by text, p_lifecycle uuid, p_symbol text, p_content jsonb)
returns uuid
language sql immutable parallel safe
return case p_order_by
  when 'lifecycle' then p_lifecycle
  when 'symbol' then md5(coalesce(p_symbol, ''))::uuid
  when 'feed' then md5(coalesce(p_content ->> 'feed', ''))::uuid
end;

-- A hint to whoever listens: this consumer has news, the oldest at this seq.
create or replace function public.ad_wake(p_consumer text, p_seq bigint) returns void
language sql volatile set search_path = '' as $$
  select pg_notify('ad_wake', p_consumer || ' ' || p_seq)
$$;

-- Statement level: one look at the consumers for each set of tags, one wake per consumer.
create or replace function public.ad_route() returns trigger
language plpgsql set search_path = '' as $$
declare
  woken bigint;
begin
  with tagged as materialized (
    select n.tags, public.ad_tag_keys(n.tags) as keys from new_strands n group by n.tags),
  wanted as materialized (
    select t.tags, c.consumer, c.order_by
      from tagged t left join public.ad_consumers c on c.patterns && t.keys),
  routed as (
    insert into public.ad_deliveries (consumer, seq, strand_id, order_key)
    select w.consumer, n.seq, n.id, public.ad_order_key(w.order_by, n.lifecycle_id, n.symbol, n.content)
      from new_strands n join wanted w on w.tags = n.tags and w.consumer <> n.module
    returning consumer, seq)
  select count(public.ad_wake(r.consumer, r.seq)) into woken
    from (select consumer, min(seq) as seq from routed group by consumer) r;
  return null;
end $$;
create or replace trigger ad_route after insert on public.ad_strands
  referencing new table as new_strands for each statement execute function public.ad_route();
