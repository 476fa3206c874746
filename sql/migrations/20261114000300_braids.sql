-- Braids: what waits to be woven, what was woven, which patterns stood together, and where situations lie.

create table if not exists public.braid_offered (
  strand uuid primary key
);
comment on table public.braid_offered is 'Every strand that was ever offered to its clusters: each is offered once.';

create table if not exists public.braid_waiting (
  cluster text not null,
  level   smallint not null,
  strand  uuid not null,
  at      timestamptz not null,
  content jsonb not null,
  primary key (cluster, level, strand)
);
comment on table public.braid_waiting is 'Members that no braid has consumed yet, per cluster.';

create table if not exists public.braids (
  braid        uuid primary key,
  cluster      text not null,
  level        smallint not null,
  members      integer not null,
  n            bigint not null,
  sr           double precision not null,
  mean_net_bps double precision not null,
  resonance    double precision,
  at           timestamptz not null
);
comment on table public.braids is 'Every braid: a line for lists; the strand of the same id has all its numbers.';
create index if not exists braids_cluster on public.braids (cluster text_pattern_ops, at desc);
create index if not exists braids_at on public.braids (at desc);

create table if not exists public.braid_signatures (
  symbol    text not null,
  minute_s  bigint not null,
  signature text not null,
  primary key (symbol, minute_s)
);
comment on table public.braid_signatures is 'What stood together on a symbol at a minute, for a day or so.';

create table if not exists public.strand_embeddings (
  strand uuid primary key,
  level  smallint not null,
  vector real[] not null
);
comment on table public.strand_embeddings is 'Situations as vectors of length one; searched exactly where there is no pgvector.';

-- With pgvector an index answers; without it, or without the right to create it, nothing is missing but speed.
do $$
declare
  home text;
begin
  if exists (select from pg_catalog.pg_available_extensions where name = 'vector') then
    create schema if not exists extensions;
    create extension if not exists vector with schema extensions;
    select quote_ident(n.nspname) into home
      from pg_catalog.pg_extension x join pg_catalog.pg_namespace n on n.oid = x.extnamespace
     where x.extname = 'vector';
    execute format('create table if not exists public.strand_vectors (
                      strand uuid primary key references public.strand_embeddings on delete cascade,
                      vector %s.vector(64) not null)', home);
    execute format('create index if not exists strand_vectors_near on public.strand_vectors
                    using hnsw (vector %s.vector_cosine_ops)', home);
    comment on table public.strand_vectors is 'The same vectors, where pgvector can search them.';
    perform strandloom.protect_table('public.strand_vectors'::regclass);
    execute format('grant usage on schema %s to service_role', home);
  end if;
exception when insufficient_privilege or feature_not_supported or undefined_file or undefined_object then
  raise notice 'pgvector cannot be used here; similar situations are searched exactly';
end $$;

create or replace function public.ad_write_braid_offer(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.braid_offered values ((asked ->> 'strand')::uuid) on conflict do nothing;
  if found then
    insert into public.braid_waiting (cluster, level, strand, at, content)
    select c, (asked ->> 'level')::smallint, (asked ->> 'strand')::uuid, (asked ->> 'at')::timestamptz,
           asked -> 'content'
      from jsonb_array_elements_text(asked -> 'clusters') as c
     order by c
    on conflict do nothing;
  end if;
  return true;
end $$;

-- False where one of the members is gone: somebody else has woven it.
create or replace function public.ad_write_braid_consume(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  taken integer;
begin
  insert into public.braids (braid, cluster, level, members, n, sr, mean_net_bps, resonance, at)
  values ((asked ->> 'braid')::uuid, asked ->> 'cluster', (asked ->> 'level')::smallint,
          jsonb_array_length(asked -> 'members'), (asked ->> 'n')::bigint, (asked ->> 'sr')::double precision,
          (asked ->> 'mean_net_bps')::double precision, (asked ->> 'resonance')::double precision,
          (asked ->> 'at')::timestamptz)
  on conflict do nothing;
  if not found then
    return true;
  end if;
  delete from public.braid_waiting w
   where w.cluster = asked ->> 'cluster' and w.level = (asked ->> 'level')::smallint - 1
     and w.strand in (select m::uuid from jsonb_array_elements_text(asked -> 'members') as m);
  get diagnostics taken = row_count;
  return taken = jsonb_array_length(asked -> 'members');
end $$;

create or replace function public.ad_write_braid_signatures(asked jsonb) returns boolean
language sql set search_path = '' as $$
  delete from public.braid_signatures s
   where s.symbol in (select jsonb_object_keys(asked -> 'signatures'))
     and s.minute_s < (asked ->> 'minute_s')::bigint - 93600;
  insert into public.braid_signatures (symbol, minute_s, signature)
  select e.key, (asked ->> 'minute_s')::bigint, e.value
    from jsonb_each_text(asked -> 'signatures') as e
   order by e.key
  on conflict (symbol, minute_s) do update set signature = excluded.signature;
  select true
$$;

create or replace function public.ad_write_embedding_put(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.strand_embeddings (strand, level, vector)
  select (asked ->> 'strand')::uuid, (asked ->> 'level')::smallint,
         array(select v::real from jsonb_array_elements_text(asked -> 'vector') as v)
  on conflict do nothing;
  if found and to_regclass('public.strand_vectors') is not null then
    execute pg_catalog.format('insert into public.strand_vectors
      select e.strand, e.vector::%s.vector from public.strand_embeddings e where e.strand = $1
      on conflict do nothing', (select pg_catalog.quote_ident(n.nspname) from pg_catalog.pg_extension x
        join pg_catalog.pg_namespace n on n.oid = x.extnamespace where x.extname = 'vector'))
      using (asked ->> 'strand')::uuid;
  end if;
  return true;
end $$;

create or replace function public.ad_look_braid_ripe(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  with waiting as (
    select w.cluster, w.level, w.strand, w.at, w.content,
           row_number() over (partition by w.cluster, w.level order by w.at, w.strand) as place,
           count(*) over (partition by w.cluster, w.level) as members
      from public.braid_waiting w
     where w.at < (asked ->> 'before')::timestamptz)
  select jsonb_build_object('cluster', w.cluster, 'level', w.level, 'members',
           jsonb_agg(jsonb_build_object('strand', w.strand, 'at', w.at, 'content', w.content)
                     order by w.at, w.strand))
    from waiting w
   where w.members >= 3 and w.place <= 30
   group by w.cluster, w.level
   order by w.level, w.cluster collate "C" limit 200
$$;

create or replace function public.ad_look_braid_signatures(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('minute_s', s.minute_s, 'signature', s.signature)
    from public.braid_signatures s
   where s.symbol = asked ->> 'symbol'
     and s.minute_s between (asked ->> 'since_s')::bigint and (asked ->> 'until_s')::bigint
   order by s.minute_s limit 1000
$$;

create or replace function public.ad_look_braid_list(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(b) from public.braids b
   where ((asked ->> 'cluster') is null or starts_with(b.cluster, asked ->> 'cluster'))
     and ((asked ->> 'level') is null or b.level = (asked ->> 'level')::smallint)
   order by b.at desc, b.braid limit least(coalesce((asked ->> 'limit')::integer, 30), 1000)
$$;

create or replace function public.ad_look_embedding_similar(asked jsonb) returns setof jsonb
language plpgsql stable set search_path = '' as $$
declare
  most constant integer := least(coalesce((asked ->> 'limit')::integer, 10), 100);
  home text := (select pg_catalog.quote_ident(n.nspname) from pg_catalog.pg_extension x
                  join pg_catalog.pg_namespace n on n.oid = x.extnamespace where x.extname = 'vector');
begin
  if home is not null and to_regclass('public.strand_vectors') is not null then
    return query execute pg_catalog.format(
      'select jsonb_build_object(''strand'', near.strand, ''cosine'', 1 - near.far)
         from (select v.strand, v.vector operator(%1$s.<=>)
                        (select vector from public.strand_vectors where strand = $1) as far
                 from public.strand_vectors v
                where v.strand <> $1 and exists (select from public.strand_vectors where strand = $1)
                order by far limit $2) near
        order by near.far, near.strand', home)
      using (asked ->> 'strand')::uuid, most;
  else
    return query
      select jsonb_build_object('strand', near.strand, 'cosine', near.cosine)
        from (select e.strand, (select sum(a::double precision * b)
                                  from unnest(e.vector, own.vector) as pair (a, b)) as cosine
                from public.strand_embeddings e,
                     (select vector from public.strand_embeddings where strand = (asked ->> 'strand')::uuid) own
               where e.strand <> (asked ->> 'strand')::uuid) near
       order by near.cosine desc, near.strand limit most;
  end if;
end $$;

select strandloom.protect_table(t) from unnest(array[
  'public.braid_offered', 'public.braid_waiting', 'public.braids', 'public.braid_signatures',
  'public.strand_embeddings']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_braid_offer', 'ad_write_braid_consume', 'ad_write_braid_signatures', 'ad_write_embedding_put',
   'ad_look_braid_ripe', 'ad_look_braid_signatures', 'ad_look_braid_list', 'ad_look_embedding_similar']);
