The ledger of migrations.  It lives in a schema of its own, which no API shows.

-- ledgers, repeatable --
-- Which ledgers this database has and shows us: ours, and the one the Supabase CLI keeps.
select coalesce(bool_or(n.nspname = 'strandloom' and c.relname = 'migrations'), false) as ours,
       coalesce(bool_or(n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations'), false) as supabase
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname in ('strandloom', 'supabase_migrations')
   and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select');

-- recorded, repeatable --
-- What we applied.
select version, checksum from strandloom.migrations;

-- recorded_by_supabase, repeatable --
-- What the Supabase CLI applied, perhaps among migrations that are not ours.
select version, name from supabase_migrations.schema_migrations;

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
