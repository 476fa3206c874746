-- How the PostgreSQL board calls the functions of the blackboard; the Supabase board calls the same over HTTP.
-- Posting is idempotent by id, settling is fenced: both may be sent again.  A claim may not: it would lease more.

-- subscribe, repeatable --
select ad_subscribe($1::text::jsonb, $2)

-- unsubscribe, repeatable --
select ad_unsubscribe($1)

-- publish, repeatable --
select id from ad_publish($1::text::jsonb, $2::text::jsonb)

-- claim --
-- The content stays JSON until its kind reads it.
select attempts, floor, id, seq, lifecycle_id, parent_ids, hop, module, kind, schema_version, symbol, timeframe,
       session_bucket, regime, content::text as content, tags, confidence, novelty, surprise, persistence, phi, rho,
       theta, resonance, braid_level, event_at, created_at
  from ad_claim($1, $2, $3, $4)

-- complete, repeatable --
select ad_complete($1, $2::bigint[], $3::smallint[], $4::text::jsonb, $5::text::jsonb)

-- fail, repeatable --
select ad_fail($1, $2, $3::smallint, $4, $5)

-- extend, repeatable --
select * from ad_extend($1, $2::bigint[], $3::smallint[])

-- free, repeatable --
select ad_free($1)

-- sweep, repeatable --
select ad_sweep()

-- known, repeatable --
select * from ad_known($1::uuid[])

-- get, repeatable --
select * from ad_get($1)

-- chain, repeatable --
select * from ad_chain($1, $2)

-- latest, repeatable --
select * from ad_latest($1, $2, $3)

-- parents, repeatable --
select * from ad_parents($1)

-- children, repeatable --
select * from ad_children($1, $2)

-- find, repeatable --
select * from ad_find($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- look, repeatable --
select * from ad_look($1, $2::text::jsonb)

-- queues, repeatable --
select * from ad_queues()

-- dead, repeatable --
select * from ad_dead($1, $2)

-- revive --
select ad_revive($1, $2)

-- drop --
select ad_drop($1, $2)

-- prune, repeatable --
select ad_prune($1, $2)

-- counts, repeatable --
select * from ad_counts()

-- notify --
select pg_notify('ad_wake', $1)
