-- What the keeper of the board does: subscriptions, dead letters, pruning, and a look at the queues.

-- Set what consumers read; with p_backfill_from they also get the strands created from then on.
-- The lock keeps an insert under way from falling between the old and the new routing; it is taken only when
-- something changes, and given up after a second, so that a transaction left open elsewhere holds up nobody.
create or replace function public.ad_subscribe(p_subscriptions jsonb, p_backfill_from timestamptz default null) returns bigint
language plpgsql set search_path = '' set lock_timeout = '1s' as $$
declare
  backfilled bigint := 0;
begin
  if p_backfill_from is null and not exists (
    select consumer, patterns, order_by, lease_s, max_attempts
      from jsonb_to_recordset(p_subscriptions) as
           w(consumer text, patterns text[], order_by text, lease_s float8, max_attempts smallint)
    except select consumer, patterns, order_by, lease_s, max_attempts from public.ad_consumers)
  then
    return 0;
  end if;
  lock table public.ad_strands in share row exclusive mode;
  insert into public.ad_consumers (consumer, patterns, order_by, lease_s, max_attempts)
  select consumer, patterns, order_by, lease_s, max_attempts
    from jsonb_to_recordset(p_subscriptions) as
         w(consumer text, patterns text[], order_by text, lease_s float8, max_attempts smallint)
  on conflict (consumer) do update
     set patterns = excluded.patterns, order_by = excluded.order_by, lease_s = excluded.lease_s,
         max_attempts = excluded.max_attempts, updated_at = clock_timestamp();
  if p_backfill_from is not null then
    with delivered as (
      insert into public.ad_deliveries (consumer, seq, strand_id, order_key)
      select c.consumer, s.seq, s.id, public.ad_order_key(c.order_by, s.lifecycle_id, s.symbol, s.content)
        from public.ad_strands s
        join public.ad_consumers c on c.patterns && public.ad_tag_keys(s.tags) and c.consumer <> s.module
       where s.created_at >= p_backfill_from
         and c.consumer in (select w.consumer from jsonb_to_recordset(p_subscriptions) as w(consumer text))
      on conflict do nothing
      returning consumer, seq)
    select coalesce(sum(d.n), 0), count(public.ad_wake(d.consumer, d.seq)) into backfilled
      from (select consumer, min(seq) as seq, count(*) as n from delivered group by consumer) d;
  end if;
  return backfilled;
end $$;

-- Forget a consumer with its open deliveries.
create or replace function public.ad_unsubscribe(p_consumer text) returns void
language sql set search_path = '' as $$
  delete from public.ad_consumers where consumer = p_consumer;
  delete from public.ad_deliveries where consumer = p_consumer;
$$;

-- Deliver a dead letter again.  The fencing token goes on counting; the attempts so far no longer do.
create or replace function public.ad_revive(p_consumer text, p_seq bigint) returns boolean
language plpgsql set search_path = '' as $$
declare
  served public.ad_consumers;
  letter public.ad_dead_letters;
begin
  select * into served from public.ad_consumers c where c.consumer = p_consumer;
  if not found then
    return false;
  end if;
  delete from public.ad_dead_letters d where d.consumer = p_consumer and d.seq = p_seq returning * into letter;
  if not found then
    return false;
  end if;
  insert into public.ad_deliveries (consumer, seq, strand_id, order_key, attempts, forgiven, last_error)
  select p_consumer, s.seq, s.id, public.ad_order_key(served.order_by, s.lifecycle_id, s.symbol, s.content),
         letter.attempts, letter.attempts, letter.last_error
    from public.ad_strands s where s.seq = p_seq;
  perform public.ad_wake(p_consumer, p_seq);
  return true;
end $$;

create or replace function public.ad_drop(p_consumer text, p_seq bigint) returns boolean
language sql set search_path = '' as $$
  with dropped as (
    delete from public.ad_dead_letters where consumer = p_consumer and seq = p_seq returning 1)
  select exists (select from dropped)
$$;

create or replace function public.ad_dead(p_consumer text default null, p_limit integer default 100)
returns setof public.ad_dead_letters
language sql stable set search_path = '' as $$
  select * from public.ad_dead_letters where p_consumer is null or consumer = p_consumer
   order by died_at desc, seq desc limit public.ad_bounded(p_limit)
$$;

-- Remove strands created before then for which nobody waits, oldest first, keeping a tombstone of each.
create or replace function public.ad_prune(p_before timestamptz, p_limit integer default 10000) returns integer
language plpgsql set search_path = '' as $$
declare
  pruned integer;
begin
  with old as (
    select s.id from public.ad_strands s
     where s.created_at < p_before
       and not exists (select from public.ad_deliveries d where d.seq = s.seq)
       and not exists (select from public.ad_dead_letters l where l.seq = s.seq)
     order by s.created_at limit p_limit),
  gone as (
    delete from public.ad_strands s using old where s.id = old.id
    returning s.id, s.kind, s.lifecycle_id, s.hop)
  insert into public.ad_tombstones (id, kind, lifecycle_id, hop)
  select id, kind, lifecycle_id, hop from gone on conflict (id) do nothing;
  get diagnostics pruned = row_count;
  return pruned;
end $$;

-- What each consumer is waiting for.
create or replace view public.ad_queue_stats with (security_invoker = true) as
  select c.consumer,
         count(d.seq) filter (where d.attempts = d.forgiven) as waiting,
         count(d.seq) filter (where d.attempts > d.forgiven and d.visible_at > clock_timestamp()
                                and d.holder is not null) as leased,
         count(d.seq) filter (where d.attempts > d.forgiven and d.visible_at > clock_timestamp()
                                and d.holder is null) as backing_off,
         count(d.seq) filter (where d.attempts > d.forgiven and d.visible_at <= clock_timestamp()) as expired,
         (select count(*) from public.ad_dead_letters l where l.consumer = c.consumer) as dead,
         min(d.seq) as oldest_seq
    from public.ad_consumers c left join public.ad_deliveries d on d.consumer = c.consumer
   group by c.consumer;

create or replace function public.ad_queues() returns setof public.ad_queue_stats
language sql stable set search_path = '' as $$
  select * from public.ad_queue_stats order by consumer
$$;

create or replace function public.ad_counts() returns table (strands bigint, tombstones bigint, deliveries bigint,
                                                  dead_letters bigint)
language sql stable set search_path = '' as $$
  select (select count(*) from public.ad_strands), (select count(*) from public.ad_tombstones),
         (select count(*) from public.ad_deliveries), (select count(*) from public.ad_dead_letters)
$$;
