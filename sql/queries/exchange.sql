What the built-in exchange keeps of itself.

-- snapshot, repeatable --
-- The last snapshot of an exchange.
select s.number, s.state from public.exchange_snapshots s where s.exchange = $1;

-- journal, repeatable --
-- The commands after a number, in order.
select j.number, j.record from public.exchange_journal j
 where j.exchange = $1 and j.number > $2 order by j.number;

-- append, repeatable --
-- Keeps commands numbered from $3 on; how many: fewer than given when another writer had those numbers.
with put as (
  insert into public.exchange_journal as j (exchange, number, writer, record)
  select $1, $3::bigint + r.place - 1, $2::uuid, r.record
    from unnest($4::bytea[]) with ordinality as r (record, place)
  on conflict (exchange, number) do update set record = excluded.record where j.writer = excluded.writer
  returning 1)
select count(*) from put;

-- replace --
-- Keeps a snapshot, unless a newer one is there.
insert into public.exchange_snapshots as s (exchange, number, state) values ($1, $2, $3)
on conflict (exchange) do update set number = excluded.number, state = excluded.state, kept_at = now()
 where s.number <= excluded.number;

-- forget --
-- Drops the commands that a snapshot holds.
delete from public.exchange_journal j where j.exchange = $1 and j.number <= $2;
