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

-- ledger_zero --
-- Transactions whose entries do not sum to zero, or that have none.
select t.id::text as subject, format('its %s entries sum to %s', count(e.usd), coalesce(sum(e.usd), 0)) as problem
  from ledger_transactions t left join ledger_entries e on e.transaction = t.id
 group by t.id having count(e.usd) = 0 or sum(e.usd) <> 0
 limit $1

-- ledger_balances --
-- Accounts whose running balance is not the sum of their entries.
select a.venue || ' ' || a.account as subject,
       format('%s USD and %s held, but its entries say %s and %s', a.usd, a.quantity,
              coalesce(sum(e.usd), 0), coalesce(sum(e.quantity), 0)) as problem
  from ledger_accounts a left join ledger_entries e on e.account = a.id
 group by a.id having a.usd <> coalesce(sum(e.usd), 0) or a.quantity <> coalesce(sum(e.quantity), 0)
 limit $1

-- ledger_fills --
-- Fills whose entries are not what their price, quantity and side come to.
with sides as (
  select t.id, t.venue, t.symbol, t.at, t.tid,
         t.quantity * case t.side when 'buy' then 1 else -1 end as signed, t.price,
         coalesce(sum(e.usd) filter (where a.account = 'cash'), 0) as cash,
         coalesce(sum(e.usd) filter (where a.account = 'position:' || t.symbol), 0) as cost,
         coalesce(sum(e.quantity) filter (where a.account = 'position:' || t.symbol), 0) as held,
         coalesce(sum(e.usd) filter (where a.account = 'fees:' || t.symbol), 0) as fee,
         coalesce(sum(e.usd) filter (where a.account = 'realised:' || t.symbol), 0) as realised
    from ledger_transactions t join ledger_entries e on e.transaction = t.id join ledger_accounts a on a.id = e.account
   where t.what = 'fill' group by t.id)
select format('%s %s %s %s', s.venue, s.symbol, s.at, s.tid) as subject,
       format('%s at %s, but %s were booked, at a cost of %s for %s in cash', s.signed, s.price, s.held,
              s.cost + s.realised, s.cash + s.fee) as problem
  from sides s
 where s.held <> s.signed or s.cash + s.fee <> -s.signed * s.price or s.cost + s.realised <> s.signed * s.price
 limit $1

-- orders_once --
-- Two orders for one part of an entry, or more filled than was decided.
select o.decision::text as subject,
       format('%s orders for part %s of its entry', count(*), o.part) as problem
  from trader_orders o where o.leg = 'entry'
 group by o.decision, o.part having count(*) > 1
union all
select o.decision::text, format('%s filled where %s was decided', sum(o.filled), s.content ->> 'quantity')
  from trader_orders o join ad_strands s on s.id = o.decision and s.kind = 'decision'
 where o.leg = 'entry'
 group by o.decision, s.content having sum(o.filled) > (s.content ->> 'quantity')::numeric
 limit $1

-- budget_used --
-- Claims that nothing stands for any more; what is still being handled is given time.
select c.decision::text as subject, format('its claim of %s USD is in use, and nothing is open', c.risk_usd) as problem
  from risk_claims c
 where c.state = 'used'
   and not exists (select from trader_trades t where t.decision = c.decision and t.closed_at is null)
   and not exists (select from trader_orders o where o.decision = c.decision
                    and o.state not in ('closed', 'cancelled', 'rejected', 'expired'))
   and not exists (select from ad_deliveries d)
 limit $1

-- budget_risk --
-- Open trades whose risk is not in the budget.
select t.decision::text as subject, format('the trade on %s is open, and its claim is released', t.symbol) as problem
  from trader_trades t
 where t.closed_at is null and t.plan is not null
   and not exists (select from risk_claims c where c.plan = t.plan and c.state <> 'released')
   and not exists (select from ad_deliveries d)
 limit $1

-- ledger_orders --
-- Orders that are over and traded something else than what the ledger booked of them.
with booked as (
  select t.cloid, sum(t.quantity) as quantity, sum(e.usd) as fees
    from ledger_transactions t
    left join ledger_entries e on e.transaction = t.id
     and e.account in (select a.id from ledger_accounts a where a.account = 'fees:' || t.symbol)
   where t.what = 'fill' and t.cloid is not null group by t.cloid)
select o.cloid as subject,
       format('%s traded for %s of fees, but the ledger booked %s for %s', o.filled, o.fee_usd, b.quantity,
              coalesce(b.fees, 0)) as problem
  from trader_orders o join booked b on b.cloid = o.cloid
 where o.state in ('filled', 'closed', 'cancelled', 'expired', 'rejected')
   and (o.filled <> b.quantity or abs(o.fee_usd - coalesce(b.fees, 0)) > 0.01)
 limit $1
