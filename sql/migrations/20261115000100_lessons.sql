-- Lessons: candidates as they were registered, every state of every lesson with the time it was known from,
-- the gate's looks, the evidence that was counted, and which forecasts a lesson was shown to.

create table if not exists public.lesson_candidates (
  lesson        uuid primary key,
  identity      text not null,
  registered_at timestamptz not null,
  version       integer not null
);
comment on table public.lesson_candidates is
  'Everything that was ever registered, before its first confirming outcome; it counts as tried for ever.';
comment on column public.lesson_candidates.identity is 'The same for the same statement, whichever version.';
create index if not exists lesson_candidates_identity on public.lesson_candidates (identity);

create table if not exists public.lessons (
  lesson     uuid not null references public.lesson_candidates,
  revision   integer not null,
  status     text not null check (status in
    ('candidate', 'shadow', 'active', 'suspended', 'retired', 'contraindicated', 'quarantined')),
  reason     text not null,
  content    jsonb not null,
  valid_from timestamptz not null,
  valid_to   timestamptz,
  known_from timestamptz not null,
  known_to   timestamptz,
  primary key (lesson, revision)
);
comment on table public.lessons is 'Every state that a lesson was ever in; nothing is deleted.';
comment on column public.lessons.valid_from is 'From when on the market is said to have been so.';
comment on column public.lessons.known_from is 'From when on the network knew it, in market time.';
comment on column public.lessons.known_to is 'NULL: this is how it stands now.';
create unique index if not exists lessons_now on public.lessons (lesson) where known_to is null;
create index if not exists lessons_in_force on public.lessons (known_from)
  where status in ('active', 'contraindicated');

create table if not exists public.lesson_looks (
  lesson   uuid not null references public.lesson_candidates,
  gate     text not null check (gate in ('positive', 'negative')),
  number   integer not null check (number between 0 and 3),
  at       timestamptz not null,
  n_blocks integer not null,
  p        double precision not null,
  content  jsonb not null,
  primary key (lesson, gate, number)
);
comment on table public.lesson_looks is 'At most four looks at each candidate and gate, and what each saw.';

create table if not exists public.lesson_folds (
  lesson      uuid not null references public.lesson_candidates,
  since       timestamptz not null,
  until       timestamptz not null,
  predictions uuid[] not null,
  opened_s    bigint[] not null,
  net         double precision[] not null,
  gross       double precision[] not null,
  drift       double precision[] not null,
  primary key (lesson, until)
);
comment on table public.lesson_folds is
  'The outcomes that count for a lesson, those opened in [since, until), with what drift alone would have earned.';

create table if not exists public.lesson_uses (
  prediction uuid primary key,
  at         timestamptz not null,
  lessons    uuid[] not null,
  held_out   boolean not null,
  taken      boolean not null default false
);
comment on table public.lesson_uses is
  'Forecasts that a lesson in force spoke of: whether they were held out, and whether a trade was allowed.';
create index if not exists lesson_uses_lessons on public.lesson_uses using gin (lessons);

create or replace function public.ad_write_lesson_register(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.lesson_candidates (lesson, identity, registered_at, version)
  values ((asked ->> 'lesson')::uuid, asked ->> 'identity', (asked ->> 'registered_at')::timestamptz,
          (asked ->> 'version')::integer)
  on conflict do nothing;
  if found then
    insert into public.lessons (lesson, revision, status, reason, content, valid_from, valid_to, known_from)
    select c.lesson, 0, c.status, c.reason, asked -> 'content', c.valid_from, c.valid_to, c.known_from
      from jsonb_to_record(asked -> 'content') as c(lesson uuid, status text, reason text,
           valid_from timestamptz, valid_to timestamptz, known_from timestamptz);
  end if;
  return true;
end $$;

-- A lesson moves on from the revision before; a second time is the same, another's move is a conflict.
create or replace function public.ad_write_lesson_move(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  named uuid := (asked ->> 'lesson')::uuid;
  next integer := (asked ->> 'revision')::integer;
  known jsonb;
begin
  perform from public.lesson_candidates c where c.lesson = named for update;
  select l.content into known from public.lessons l where l.lesson = named and l.revision = next;
  if found then
    return known = asked -> 'content';
  end if;
  update public.lessons l set known_to = (asked -> 'content' ->> 'known_from')::timestamptz
   where l.lesson = named and l.revision = next - 1;
  if not found then
    return false;
  end if;
  insert into public.lessons (lesson, revision, status, reason, content, valid_from, valid_to, known_from)
  select named, next, c.status, c.reason, asked -> 'content', c.valid_from, c.valid_to, c.known_from
    from jsonb_to_record(asked -> 'content') as c(status text, reason text,
         valid_from timestamptz, valid_to timestamptz, known_from timestamptz);
  return true;
end $$;

create or replace function public.ad_write_lesson_look(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.lesson_looks
  select * from jsonb_populate_record(null::public.lesson_looks, asked) on conflict do nothing;
  select true
$$;

-- Folds follow each other without a gap or an overlap, whoever makes them; who already has some asks for the rest.
create or replace function public.ad_write_lesson_fold(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  last timestamptz;
begin
  perform from public.lesson_candidates c where c.lesson = (asked ->> 'lesson')::uuid for update;
  select max(f.until) into last from public.lesson_folds f where f.lesson = (asked ->> 'lesson')::uuid;
  if last = (asked ->> 'until')::timestamptz then
    return true;
  end if;
  if last <> (asked ->> 'since')::timestamptz then
    return false;
  end if;
  insert into public.lesson_folds select * from jsonb_populate_record(null::public.lesson_folds, asked);
  return true;
end $$;

create or replace function public.ad_write_lesson_use(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.lesson_uses (prediction, at, lessons, held_out)
  select u.prediction, u.at, u.lessons, u.held_out
    from jsonb_to_record(asked) as u(prediction uuid, at timestamptz, lessons uuid[], held_out boolean)
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_lesson_taken(asked jsonb) returns boolean
language sql set search_path = '' as $$
  update public.lesson_uses u set taken = true where u.prediction = (asked ->> 'prediction')::uuid;
  select true
$$;

-- What was in force at a moment, as it was known then.
create or replace function public.ad_look_lesson_in_force(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('content', l.content)
    from public.lessons l
   where l.status in ('active', 'contraindicated')
     and l.known_from <= (asked ->> 'at')::timestamptz
     and (l.known_to is null or l.known_to > (asked ->> 'at')::timestamptz)
   order by l.lesson limit 10000
$$;

create or replace function public.ad_look_lesson_now(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('lesson', l.lesson, 'content', l.content)
    from public.lessons l
   where l.known_to is null
     and (coalesce(jsonb_typeof(asked -> 'status'), 'null') = 'null'
          or l.status in (select jsonb_array_elements_text(asked -> 'status')))
     and ((asked ->> 'after') is null or l.lesson > (asked ->> 'after')::uuid)
   order by l.lesson limit least(coalesce((asked ->> 'limit')::integer, 1000), 10000)
$$;

create or replace function public.ad_look_lesson_history(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('content', l.content, 'known_to', l.known_to)
    from public.lessons l where l.lesson = (asked ->> 'lesson')::uuid order by l.revision limit 1000
$$;

create or replace function public.ad_look_lesson_versions(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('lesson', l.lesson, 'content', l.content)
    from public.lesson_candidates c join public.lessons l using (lesson)
   where c.identity = asked ->> 'identity' and l.known_to is null
   order by c.version limit 1000
$$;

create or replace function public.ad_look_lesson_trials(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('n_trials', count(*)) from public.lesson_candidates
$$;

create or replace function public.ad_look_lesson_looks(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(l) from public.lesson_looks l
   where l.lesson = (asked ->> 'lesson')::uuid order by l.gate, l.number limit 8
$$;

create or replace function public.ad_look_lesson_folds(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(f) from public.lesson_folds f
   where f.lesson = (asked ->> 'lesson')::uuid
     and ((asked ->> 'after') is null or f.until > (asked ->> 'after')::timestamptz)
   order by f.until limit 100000
$$;

-- The same order as by opening and prediction, so that a page ends where the next one begins.
create or replace function public.ad_look_lesson_evidence(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('prediction', e.prediction, 'family', e.family, 'pattern', e.pattern,
           'direction', e.direction, 'symbol', e.symbol, 'timeframe', e.timeframe, 'regime', e.regime,
           'session', e.session, 'r_bps', e.r_bps, 'gross_bps', e.gross_bps, 'opened_at', e.opened_at,
           'closed_at', e.closed_at, 'shadow', e.shadow, 'late', e.late)
    from public.pattern_evidence e
   where e.opened_at >= (asked ->> 'since')::timestamptz
     and ((asked ->> 'after') is null
          or (e.opened_at, e.prediction) > ((asked ->> 'after_at')::timestamptz, (asked ->> 'after')::uuid))
   order by e.opened_at, e.prediction limit least(coalesce((asked ->> 'limit')::integer, 1000), 10000)
$$;

-- Keys whose mean net result lies so many standard errors away from nothing, the farthest first.
create or replace function public.ad_look_lesson_promising(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('key', k.key, 'n', k.n, 'n_blocks', k.n_blocks, 'net_bps', k.net_bps,
           'se_bps', k.se_bps)
    from public.pattern_keys k
   where k.se_bps > 0 and k.n_blocks >= (asked ->> 'blocks')::bigint
     and abs(k.net_bps) >= (asked ->> 'z')::double precision * k.se_bps
   order by abs(k.net_bps) / k.se_bps desc, k.key collate "C"
   limit least(coalesce((asked ->> 'limit')::integer, 100), 10000)
$$;

create or replace function public.ad_look_lesson_lift(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select row_to_json(last)::jsonb from (
    select u.prediction, e.opened_at, u.held_out, u.taken, e.r_bps, e.p, e.p_base
      from public.lesson_uses u join public.pattern_evidence e using (prediction)
     where (asked ->> 'lesson') is null or u.lessons @> array[(asked ->> 'lesson')::uuid]
     order by e.opened_at desc, u.prediction desc
     limit least(coalesce((asked ->> 'limit')::integer, 100000), 100000)) as last
   order by last.opened_at, last.prediction
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.lesson_candidates', 'public.lessons', 'public.lesson_looks', 'public.lesson_folds',
  'public.lesson_uses']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and (p.proname like 'ad\_write\_lesson\_%' or p.proname like 'ad\_look\_lesson\_%');
