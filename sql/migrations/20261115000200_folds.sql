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

create or replace function public.ad_look_lesson_folds(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(f) from public.lesson_folds f
   where f.lesson = (asked ->> 'lesson')::uuid
     and ((asked ->> 'after') is null or f.until > (asked ->> 'after')::timestamptz)
   order by f.until limit 100000
$$;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace
   and p.proname = any (array['ad_write_lesson_fold', 'ad_look_lesson_folds']);
