-- The Trader's books in one answer: who looks at the venue asks once, and sees one moment.

create or replace function public.ad_look_trader_books(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'orders', (select coalesce(jsonb_agg(o.it order by o.place), '[]')
                 from public.ad_look_order_live(asked) with ordinality o(it, place)),
    'trades', (select coalesce(jsonb_agg(t.it order by t.place), '[]')
                 from public.ad_look_trade_open(asked) with ordinality t(it, place)),
    'read', (select coalesce(jsonb_agg(to_jsonb(f) order by f.venue collate "C"), '[]')
               from public.trader_fills_read f),
    'unexplained', (select coalesce(jsonb_agg(u.it order by u.place), '[]')
                      from public.ad_look_ledger_unexplained('{}') with ordinality u(it, place)))
$$;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname = 'ad_look_trader_books';
