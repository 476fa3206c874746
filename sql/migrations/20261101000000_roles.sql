-- The roles that Supabase has and a plain PostgreSQL lacks, and two functions with which every later
-- migration closes its tables and functions to all but the service.

do $$
declare
  missing text;
begin
  for missing in
    select name from unnest(array['anon', 'authenticated', 'service_role']) as name
     where not exists (select from pg_roles where rolname = name)
  loop
    begin
      execute format('create role %I nologin noinherit', missing);
    exception when duplicate_object or unique_violation then
      null; -- another database of this server was faster: roles belong to the whole server
    end;
  end loop;
end $$;

create schema if not exists strandloom;
grant usage on schema public to service_role;

-- Row level security, a policy and grants for the service, nothing for anybody else.
create or replace function strandloom.protect_table(target regclass) returns void
language plpgsql set search_path = '' as $$
declare
  counter regclass;
begin
  for counter in -- of its columns that number themselves; Supabase opens new sequences to everybody
    select c.oid::regclass from pg_depend d join pg_class c on c.oid = d.objid and c.relkind = 'S'
     where d.classid = 'pg_class'::regclass and d.refobjid = target
  loop
    execute format('revoke all on sequence %s from public, anon, authenticated', counter);
  end loop;
  execute format('alter table %s enable row level security', target);
  execute format('revoke all on table %s from public, anon, authenticated', target);
  execute format('grant select, insert, update, delete on table %s to service_role', target);
  execute format('drop policy if exists service on %s', target);
  execute format('create policy service on %s to service_role using (true) with check (true)', target);
end $$;

-- A view shows what its reader may see, and only the service may read it.
create or replace function strandloom.protect_view(target regclass) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('alter view %s set (security_invoker = true)', target);
  execute format('revoke all on table %s from public, anon, authenticated', target);
  execute format('grant select on table %s to service_role', target);
end $$;

-- Only the service may call it; functions are open to everybody unless one says so.
create or replace function strandloom.protect_function(target regprocedure) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('revoke all on function %s from public, anon, authenticated', target);
  execute format('grant execute on function %s to service_role', target);
end $$;

revoke all on function strandloom.protect_table(regclass) from public;
revoke all on function strandloom.protect_view(regclass) from public;
revoke all on function strandloom.protect_function(regprocedure) from public;
