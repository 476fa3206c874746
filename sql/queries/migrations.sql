The ledger of migrations.  It lives in a schema of its own, which no API shows.

-- ledgers, repeatable --
-- Which ledgers this database has: ours, and the one the Supabase CLI keeps.
select to_regclass('strandloom.migrations') is not null as ours,
       to_regclass('supabase_migrations.schema_migrations') is not null as supabase;

-- recorded, repeatable --
-- What we applied.
select version, checksum from strandloom.migrations;

-- recorded_by_supabase, repeatable --
-- What the Supabase CLI applied.
select version from supabase_migrations.schema_migrations;

-- unhurried --
-- A migration may take as long as it takes.
set local statement_timeout = 0;

-- one_at_a_time --
-- Held until the transaction ends, so it also works through a transaction pooler.
select pg_advisory_xact_lock(7312026110100000);

-- schema --
-- Where our own bookkeeping lives.
create schema if not exists strandloom;

-- ledger --
-- One row for every migration applied.
create table if not exists strandloom.migrations (
  version    text primary key,
  name       text not null,
  checksum   text not null,
  applied_at timestamptz not null default now()
);

-- protect_ledger --
-- Row level security without a policy: only the owner reads it.
alter table strandloom.migrations enable row level security;

-- has --
-- Whether a migration is applied, asked again under the lock.
select exists (select from strandloom.migrations where version = $1);

-- record --
-- Written in the transaction that applied it.
insert into strandloom.migrations (version, name, checksum) values ($1, $2, $3);
