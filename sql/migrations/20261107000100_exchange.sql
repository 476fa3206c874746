-- The built-in exchange: its state as a snapshot and the commands since, bit for bit.

create table if not exists public.exchange_snapshots (
  exchange text primary key,
  number   bigint not null,
  state    bytea not null,
  kept_at  timestamptz not null default now()
);
comment on table public.exchange_snapshots is 'The whole state of each paper exchange after so many commands.';

create table if not exists public.exchange_journal (
  exchange text not null,
  number   bigint not null,
  writer   uuid not null,
  record   bytea not null,
  primary key (exchange, number)
);
comment on table public.exchange_journal is 'The commands since the snapshot; whose they are shows when two processes write at once.';

select strandloom.protect_table(t) from unnest(array[
  'public.exchange_snapshots', 'public.exchange_journal']::regclass[]) as t;
