-- How an account stands in one answer: who plans and who judges asks once, and sees one moment.

create or replace function public.ad_look_risk_situation(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'state', (select s from public.ad_look_risk_state(asked) s),
    'live', (select coalesce(jsonb_agg(c.it order by c.place), '[]')
               from public.ad_look_budget_live(asked) with ordinality c(it, place)),
    'recent', (select coalesce(jsonb_agg(c.it order by c.place), '[]')
                 from public.ad_look_budget_recent(asked) with ordinality c(it, place)),
    'halts', (select coalesce(jsonb_agg(h.it order by h.place), '[]')
                from public.ad_look_halt_all(asked) with ordinality h(it, place)))
$$;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname = 'ad_look_risk_situation';
