-- What the board's measurements do beside the board itself.

-- empty --
truncate ad_strands, ad_tombstones, ad_deliveries, ad_dead_letters, ad_consumers restart identity

-- make_raw --
create table if not exists bench_raw (like ad_strands)

-- empty_raw --
truncate bench_raw

-- settle_dust --
vacuum analyze ad_strands, ad_deliveries

-- write_out --
-- So that what was stored before is on disk, and not being written while something else is measured.
checkpoint

-- fill --
-- Store so many strands that nobody waits for.
insert into ad_strands (lifecycle_id, module, kind, content, tags, symbol, event_at)
select gen_random_uuid(), 'system.bench', 'heartbeat', s.content, '{system:bench}', 'S' || n % 50, s.event_at
  from generate_series(1, $1::bigint) as n, (select content, event_at from ad_strands order by seq limit 1) as s
