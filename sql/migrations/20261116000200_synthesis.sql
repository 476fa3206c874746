-- What began in each quarter of an hour: the running state of the synthesis, two weeks of it.

create table if not exists public.synthesis_quarters (
  number integer primary key,
  began  jsonb not null,
  tried  jsonb not null default '[]',
  told   jsonb not null default '[]',
  looked boolean not null default false
);
comment on table public.synthesis_quarters is 'What began in each quarter of an hour on which symbol; fifteen days are kept.';
comment on column public.synthesis_quarters.number is 'Quarters since 1970.';
comment on column public.synthesis_quarters.began is 'Stream → symbols.';

create or replace function public.ad_write_synthesis_put(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.synthesis_quarters as q
  select * from jsonb_populate_record(null::public.synthesis_quarters, asked)
  on conflict (number) do update set
    began = excluded.began, tried = excluded.tried, told = excluded.told, looked = excluded.looked;
  delete from public.synthesis_quarters q where q.number <= (asked ->> 'number')::integer - 15 * 96;
  select true
$$;

create or replace function public.ad_look_synthesis_quarters(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(q) from public.synthesis_quarters q order by q.number limit 2000
$$;

select strandloom.protect_table('public.synthesis_quarters'::regclass);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and p.proname = any (array['ad_write_synthesis_put', 'ad_look_synthesis_quarters']);
