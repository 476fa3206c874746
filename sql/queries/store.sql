What the store asks about the database itself.

-- about, repeatable --
-- Version and size, for people.
select current_setting('server_version') as version,
       current_database() as name,
       current_user as user_name,
       pg_database_size(current_database()) as size_bytes;

-- impatient --
-- A reset does not wait for a running service; it says that one is there.
set local lock_timeout = '3s';

-- drop_ours --
-- The schema that holds every table of ours, and our bookkeeping.
drop schema if exists public, strandloom cascade;

-- create_public --
-- The owner that PostgreSQL gives it.
create schema public authorization pg_database_owner;

-- open_public --
-- As in a new database; tables protect themselves.
grant usage on schema public to public;

-- forget_supabase --
-- The Supabase CLI's record of our migrations, where there is one.
delete from supabase_migrations.schema_migrations where version = any($1::text[]);
