-- The life of a delivery: claimed, extended, then completed, failed or given up.

-- Every look-up is by the primary key, written so that no statistics can talk the planner out of it.

-- Lease the oldest visible deliveries.  `attempts` is the fencing token.  `floor` is the lowest open seq that was
-- seen; handed back as p_floor it spares the next claim the dead rows before it.  A lost claim is only a
-- redelivery, so the commit does not wait for the disk.
create or replace function public.ad_claim(p_consumer text, p_limit integer default 32, p_holder text default null,
                                p_floor bigint default 0)
returns table (
  attempts smallint, floor bigint, id uuid, seq bigint, lifecycle_id uuid, parent_ids uuid[], hop smallint,
  module text, kind text, schema_version smallint, symbol text, timeframe text, session_bucket text, regime text,
  content jsonb, tags text[], confidence float8, novelty float8, surprise float8, persistence float8, phi float8,
  rho float8, theta float8, resonance float8, braid_level smallint, event_at timestamptz, created_at timestamptz)
language plpgsql
set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  served public.ad_consumers;
  moment timestamptz := clock_timestamp();
  reach  bigint := greatest(p_limit * 2, 32);
  opened bigint;
  seen   bigint;
  heads  bigint[];
begin
  perform set_config('synchronous_commit', 'off', true);
  select * into served from public.ad_consumers c where c.consumer = p_consumer and not c.paused;
  if not found then
    return;
  end if;
  loop
    -- The window begins at the oldest open delivery, so the first of each key in it is the oldest of that key.
    with near as (
      select d.seq, coalesce(d.order_key, d.strand_id) as key,
             d.visible_at <= moment and d.attempts - d.forgiven < served.max_attempts as ready,
             d.visible_at > moment and d.holder is not null as leased
        from public.ad_deliveries d
       where d.consumer = p_consumer and d.seq >= p_floor
       order by d.seq limit reach),
    keyed as (
      select min(n.seq) as head, min(n.seq) filter (where n.ready) as first_ready, bool_or(n.leased) as leased,
             count(*) as members
        from near n group by n.key)
    select array_agg(k.head) filter (where k.head = k.first_ready and not k.leased), min(k.head), sum(k.members)
      into heads, opened, seen from keyed k;
    -- Look further while more could be found, but not through a deep queue of few keys each time.
    exit when seen is null or seen < reach or cardinality(heads) >= p_limit
           or (heads is not null and reach >= 4096);
    reach := reach * 8;
  end loop;
  return query
  with held as (
    select d.seq from public.ad_deliveries d
     where d.consumer = p_consumer and d.seq = any(heads) and d.visible_at <= moment
     order by d.seq limit p_limit for update skip locked),
  leased as (
    update public.ad_deliveries d
       set visible_at = clock_timestamp() + make_interval(secs => served.lease_s),
           attempts = d.attempts + 1, holder = p_holder
     where d.consumer = p_consumer and d.seq = any (array(select held.seq from held))
    returning d.seq, d.attempts)
  select l.attempts, opened, s.id, s.seq, s.lifecycle_id, s.parent_ids, s.hop, s.module, s.kind,
         s.schema_version, s.symbol, s.timeframe, s.session_bucket, s.regime, s.content, s.tags, s.confidence,
         s.novelty, s.surprise, s.persistence, s.phi, s.rho, s.theta, s.resonance, s.braid_level, s.event_at,
         s.created_at
    from leased l
   cross join lateral (select * from public.ad_strands found where found.seq = l.seq limit 1) s
   order by s.seq;
end $$;

-- Settle: delete the deliveries that are still held, apply the writes and post the drafts, or do nothing at all.
create or replace function public.ad_complete(p_consumer text, p_seqs bigint[], p_attempts smallint[],
                                   p_rows jsonb default '[]', p_writes jsonb default '[]')
returns integer
language plpgsql set search_path = '' as $$
declare
  settled integer;
begin
  delete from public.ad_deliveries d
   where d.consumer = p_consumer and d.seq = any (p_seqs)
     and d.attempts = p_attempts[array_position(p_seqs, d.seq)];
  get diagnostics settled = row_count;
  if settled <> cardinality(p_seqs) then
    raise exception 'lease lost: % of % deliveries are still held', settled, cardinality(p_seqs)
      using errcode = 'PT409';
  end if;
  if p_rows <> '[]' or p_writes <> '[]' then
    perform public.ad_publish(p_rows, p_writes);
  end if;
  return settled;
end $$;

-- Hide a delivery for a while, or give it up: when p_again_in_s is null or no attempt is left.
-- Answers retry, dead or lease_lost.
create or replace function public.ad_fail(p_consumer text, p_seq bigint, p_attempts smallint, p_error text,
                               p_again_in_s double precision default null)
returns text
language plpgsql set search_path = '' as $$
declare
  failed public.ad_deliveries;
begin
  select * into failed from public.ad_deliveries d
   where d.consumer = p_consumer and d.seq = p_seq and d.attempts = p_attempts for update;
  if not found then
    return 'lease_lost';
  end if;
  if p_again_in_s is not null and exists (
    select from public.ad_consumers c
     where c.consumer = p_consumer and failed.attempts - failed.forgiven < c.max_attempts)
  then
    update public.ad_deliveries d
       set visible_at = clock_timestamp() + make_interval(secs => p_again_in_s), holder = null,
           last_error = left(p_error, 8000)
     where d.consumer = p_consumer and d.seq = p_seq;
    return 'retry';
  end if;
  insert into public.ad_dead_letters (consumer, seq, strand_id, attempts, last_error)
  values (p_consumer, p_seq, failed.strand_id, failed.attempts, left(p_error, 8000));
  delete from public.ad_deliveries d where d.consumer = p_consumer and d.seq = p_seq;
  return 'dead';
end $$;

-- Renew the leases that are still held; the seqs that are.
create or replace function public.ad_extend(p_consumer text, p_seqs bigint[], p_attempts smallint[]) returns table (seq bigint)
language sql set search_path = '' as $$
  update public.ad_deliveries d
     set visible_at = clock_timestamp() + make_interval(secs => c.lease_s)
    from public.ad_consumers c
   where c.consumer = p_consumer and d.consumer = p_consumer and d.seq = any (p_seqs)
     and d.attempts = p_attempts[array_position(p_seqs, d.seq)] and d.holder is not null
  returning d.seq
$$;

-- Make claimable at once what a dead or leaving holder holds.
create or replace function public.ad_free(p_holder text) returns integer
language plpgsql set search_path = '' as $$
declare
  freed integer;
begin
  with given_back as (
    update public.ad_deliveries d set visible_at = clock_timestamp(), holder = null
     where d.holder = p_holder
    returning d.consumer, d.seq)
  select coalesce(sum(g.n), 0), count(public.ad_wake(g.consumer, g.seq)) into freed
    from (select consumer, min(seq) as seq, count(*) as n from given_back group by consumer) g;
  return freed;
end $$;

-- Dead-letter what died with its worker on the last attempt.
create or replace function public.ad_sweep() returns integer
language plpgsql set search_path = '' as $$
declare
  swept integer;
begin
  with lost as (
    delete from public.ad_deliveries d using public.ad_consumers c
     where c.consumer = d.consumer and d.attempts - d.forgiven >= c.max_attempts
       and d.visible_at <= clock_timestamp()
    returning d.*),
  kept as (
    insert into public.ad_dead_letters (consumer, seq, strand_id, attempts, last_error)
    select consumer, seq, strand_id, attempts, coalesce(last_error, 'worker lost') from lost
    returning consumer, seq)
  select coalesce(sum(k.n), 0), count(public.ad_wake(k.consumer, k.seq)) into swept
    from (select consumer, min(seq) as seq, count(*) as n from kept group by consumer) k;
  return swept;
end $$;
