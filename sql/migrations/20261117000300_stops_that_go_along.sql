-- An entry and its stop in one request: the books know which goes with which, and the journal settles both at once.

alter table public.trader_orders add column if not exists goes_with text;
comment on column public.trader_orders.goes_with is
  'Sent in one request with it: of an entry its stop, of that stop its entry.';

alter table public.venue_sends add column if not exists child text;
comment on column public.venue_sends.child is 'The client order id of the stop that went in the same request.';
create index if not exists venue_sends_child on public.venue_sends (mode, child) where child is not null;

-- The right to send an order; `fresh` is false when somebody has it already, and then this is his send.
drop function if exists public.venue_claim(text, text, text, text, text, bigint, integer);
create or replace function public.venue_claim(
  mode_ text, account_ text, signer_ text, cloid_ text, what_ text, wall_ms bigint, life_ms integer, child_ text)
returns table (signer text, nonce bigint, account text, cloid text, what text, sent_at timestamptz,
               expires_at timestamptz, outcome text, why text, settled_at timestamptz, fresh boolean, child text)
language plpgsql set search_path = '' as $$
begin
  return query
    insert into public.venue_sends as s (signer, nonce, mode, account, cloid, what, sent_at, expires_at, child)
    select signer_, public.venue_nonce(signer_, wall_ms), mode_, account_, cloid_, what_,
           to_timestamp(wall_ms / 1000.0), to_timestamp((wall_ms + life_ms) / 1000.0), child_
     where what_ <> 'order' or not exists (
       select from public.venue_sends t where t.mode = mode_ and t.cloid = cloid_
          and t.what = 'order' and t.outcome is distinct from 'never')
    on conflict do nothing
    returning s.signer, s.nonce, s.account, s.cloid, s.what, s.sent_at, s.expires_at, s.outcome, s.why,
              s.settled_at, true, s.child;
  if not found then
    return query
      select t.signer, t.nonce, t.account, t.cloid, t.what, t.sent_at, t.expires_at, t.outcome, t.why,
             t.settled_at, false, t.child
        from public.venue_sends t
       where t.mode = mode_ and t.cloid = cloid_ and t.what = 'order' and t.outcome is distinct from 'never';
  end if;
end $$;

select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname = 'venue_claim';
