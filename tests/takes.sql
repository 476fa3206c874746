-- The SQL halves of the tests' named write and look; see takes.py.

create table public.t_takes (key text primary key, pot text not null, n integer not null);
grant select, insert on public.t_takes to service_role;

create function public.ad_write_t_take(p jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtext(p ->> 'pot'));
  if exists (select from public.t_takes t where t.key = p ->> 'key') then
    return true;
  end if;
  if (select coalesce(sum(t.n), 0) from public.t_takes t where t.pot = p ->> 'pot') + (p ->> 'n')::integer
     > (p ->> 'limit')::integer
  then
    return false;
  end if;
  insert into public.t_takes (key, pot, n) values (p ->> 'key', p ->> 'pot', (p ->> 'n')::integer);
  return true;
end $$;

create function public.ad_look_t_taken(p jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(t) from public.t_takes t where t.pot = p ->> 'pot' order by t.key collate "C"
$$;
