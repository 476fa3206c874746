-- Looking for what must never be: every query gives violations, `subject` and `problem`, at most $1 of them.

-- board_parents --
-- Parents that neither exist nor left a tombstone.
select s.id::text as subject, format('the parent %s of this %s does not exist', p.id, s.kind) as problem
  from ad_strands s cross join lateral unnest(s.parent_ids) as p(id)
 where not exists (select from ad_strands o where o.id = p.id)
   and not exists (select from ad_tombstones t where t.id = p.id)
 limit $1

-- board_roots --
-- Roots that count hops.  Their lifecycle is their own, but whoever posts by hand may name another.
select s.id::text as subject, format('a %s without parents has hop %s', s.kind, s.hop) as problem
  from ad_strands s
 where cardinality(s.parent_ids) = 0 and s.hop <> 0
 limit $1

-- board_hops --
-- The first parent is what was delivered; hops count from it.
select s.id::text as subject, format('hop %s after a %s with hop %s', s.hop, p.kind, p.hop) as problem
  from ad_strands s join ad_strands p on p.id = s.parent_ids[1]
 where s.hop <> p.hop + 1
 limit $1

-- board_deliveries --
-- Deliveries and dead letters that point to nothing.
select d.consumer || ' ' || d.seq as subject, format('there is no strand %s with this number', d.strand_id) as problem
  from (select consumer, seq, strand_id from ad_deliveries
        union all select consumer, seq, strand_id from ad_dead_letters) d
 where not exists (select from ad_strands s where s.seq = d.seq and s.id = d.strand_id)
 limit $1

-- board_once --
-- The primary keys forbid the rest: a strand beside its own tombstone, one strand twice for one consumer.
select t.id::text as subject, 'the strand and its tombstone are both there' as problem
  from ad_tombstones t join ad_strands s on s.id = t.id
union all
select d.consumer || ' ' || d.strand_id, format('%s deliveries and dead letters of one strand', count(*))
  from (select consumer, strand_id from ad_deliveries
        union all select consumer, strand_id from ad_dead_letters) d
 group by d.consumer, d.strand_id having count(*) > 1
 limit $1

-- market_beats --
-- Minutes recorded as given whose heartbeat is not on the board; older ones may have been pruned.
select b.venue || ' ' || b.minute as subject, 'recorded as given, but there is no heartbeat strand' as problem
  from market_beats b
 where b.minute >= (select min(s.event_at) from ad_strands s where s.kind = 'heartbeat')
   and not exists (select from ad_strands s
                    where s.kind = 'heartbeat' and s.event_at = b.minute + interval '1 minute'
                      and s.content ->> 'feed' = b.venue)
 limit $1

-- market_bars --
-- Symbols that a heartbeat calls present although no bar was stored with it.
select h.content ->> 'feed' || ' ' || name.symbol || ' ' || (h.event_at - interval '1 minute') as subject,
       'present in its heartbeat, but without a bar' as problem
  from ad_strands h cross join lateral jsonb_array_elements_text(h.content -> 'present') as name(symbol)
 where h.kind = 'heartbeat' and h.event_at > (select max(b.minute) from market_beats b) - interval '1 day'
   and not exists (select from market_bars m
                    where m.venue = h.content ->> 'feed' and m.symbol = name.symbol
                      and m.minute = h.event_at - interval '1 minute'
                      and m.day = ((h.event_at - interval '1 minute') at time zone 'UTC')::date)
 limit $1

-- market_versions --
-- Corrections of recent bars without the version before them.
select m.venue || ' ' || m.symbol || ' ' || m.minute as subject,
       format('version %s is there, version %s is not', m.revision, m.revision - 1) as problem
  from market_minutes m
 where m.revision > 0
   and not exists (select from market_bars o
                    where o.venue = m.venue and o.symbol = m.symbol and o.minute = m.minute
                      and o.revision = m.revision - 1 and o.day = (m.minute at time zone 'UTC')::date)
 limit $1
