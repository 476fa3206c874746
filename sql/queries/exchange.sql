What the built-in exchange keeps of itself.

-- snapshot, repeatable --
-- The last snapshot of an exchange.
select s.number, s.state from public.exchange_snapshots s where s.exchange = $1;

-- journal, repeatable --
-- The commands after a number, in order.
select j.number, j.record from public.exchange_journal j
 where j.exchange = $1 and j.number > $2 order by j.number;

-- open, repeatable --
-- From here on this writer keeps the exchange; what the one before was just writing is waited for.
insert into public.exchange_writers as w (exchange, writer) values ($1, $2)
on conflict (exchange) do update set writer = excluded.writer, since = clock_timestamp();

-- append, repeatable --
-- Keeps commands numbered from $3 on; how many: none when another writer has taken the exchange.
with ours as (
  select 1 from public.exchange_writers w where w.exchange = $1 and w.writer = $2::uuid for share),
put as (
  insert into public.exchange_journal as j (exchange, number, writer, record)
  select $1, $3::bigint + r.place - 1, $2::uuid, r.record
    from ours cross join unnest($4::bytea[]) with ordinality as r (record, place)
  on conflict (exchange, number) do update set record = excluded.record where j.writer = excluded.writer
  returning 1)
select count(*) from put;

-- replace --
-- Keeps a snapshot, unless a newer one is there or another writer has taken the exchange.
insert into public.exchange_snapshots as s (exchange, number, state)
select w.exchange, $2, $3 from public.exchange_writers w
 where w.exchange = $1 and w.writer = $4::uuid for share
on conflict (exchange) do update set number = excluded.number, state = excluded.state, kept_at = now()
 where s.number <= excluded.number;

-- forget --
-- Drops the commands that the kept snapshot holds.
delete from public.exchange_journal j
 where j.exchange = $1 and j.number <= (select s.number from public.exchange_snapshots s where s.exchange = $1);
