-- The timetable's history: one row per job and slot, whoever posted it.

create table if not exists public.job_runs (
  job       text not null,
  slot      timestamptz not null,
  strand    uuid not null,
  holder    text not null,
  posted_at timestamptz not null default clock_timestamp(),
  primary key (job, slot)
);
comment on table public.job_runs is 'Every slot of the timetable that was posted, in market time; the primary key lets it happen once.';
create index if not exists job_runs_slot on public.job_runs (slot);

-- The first who writes the row has posted the slot; everybody else changes nothing.
create or replace function public.ad_write_job_run(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.job_runs (job, slot, strand, holder)
  select asked ->> 'job', (asked ->> 'slot')::timestamptz, (asked ->> 'strand')::uuid, asked ->> 'holder'
  on conflict do nothing;
  select true
$$;

-- What came of each run: told by its deliveries and by what answered it.
create or replace view public.job_history with (security_invoker = true) as
  select r.job, r.slot, r.place, r.posted_at, r.holder, r.strand,
         case when given_up.n > 0 then 'failed' when open.n > 0 then 'waiting'
              when said.refused > 0 then 'refused' when said.n > 0 then 'answered' else 'done' end as outcome,
         said.n as answers, said.last_at - r.posted_at as took
    from (select runs.*, row_number() over (partition by runs.job order by runs.slot desc) as place
            from public.job_runs runs) r
    left join public.ad_strands s on s.id = r.strand
    cross join lateral (select count(*) as n from public.ad_deliveries d where d.seq = s.seq) open
    cross join lateral (select count(*) as n from public.ad_dead_letters l where l.seq = s.seq) given_up
    cross join lateral (select count(*) as n, count(*) filter (where c.kind = 'handler_refused') as refused,
                               max(c.created_at) as last_at
                          from public.ad_children(r.strand, 200) c) said;

select strandloom.protect_table('public.job_runs'::regclass);
select strandloom.protect_view('public.job_history'::regclass);
select strandloom.protect_function('public.ad_write_job_run(jsonb)'::regprocedure);
