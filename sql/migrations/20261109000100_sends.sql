-- What was sent to a venue, and what became of it: written before anything leaves, so that no order goes out twice.

create table if not exists public.venue_nonces (
  signer text primary key,
  last   bigint not null
);
comment on table public.venue_nonces is 'The last nonce of each key: every process that signs with it counts here.';

create table if not exists public.venue_sends (
  signer     text not null,
  nonce      bigint not null,
  mode       text not null check (mode in ('testnet', 'real')),
  account    text not null,
  cloid      text not null,
  what       text not null check (what in ('order', 'modify')),
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  outcome    text check (outcome in ('arrived', 'refused', 'never')),
  why        text not null default '',
  settled_at timestamptz,
  primary key (signer, mode, nonce)
);
comment on table public.venue_sends is
  'Orders and changes as they were signed; without an outcome nobody knows yet whether they arrived.';
comment on column public.venue_sends.outcome is
  'arrived: its nonce is used; refused: the venue said no, in why; never: it did not act and never can.';

-- One client order id is sent once, whoever sends it and to whichever account; again only when it can never arrive.
create unique index if not exists venue_sends_once on public.venue_sends (mode, cloid)
  where what = 'order' and outcome is distinct from 'never';
create index if not exists venue_sends_cloid on public.venue_sends (mode, cloid);
create index if not exists venue_sends_open on public.venue_sends (mode, account) where outcome is null;

-- A nonce that no process has used for this key, as close to the wall clock as that allows.
create or replace function public.venue_nonce(signer_ text, wall_ms bigint) returns bigint
language sql set search_path = '' as $$
  insert into public.venue_nonces as n (signer, last) values (signer_, wall_ms)
  on conflict (signer) do update set last = greatest(n.last + 1, excluded.last)
  returning n.last
$$;

-- The right to send an order; `fresh` is false when somebody has it already, and then this is his send.
create or replace function public.venue_claim(
  mode_ text, account_ text, signer_ text, cloid_ text, what_ text, wall_ms bigint, life_ms integer)
returns table (signer text, nonce bigint, account text, cloid text, what text, sent_at timestamptz,
               expires_at timestamptz, outcome text, why text, settled_at timestamptz, fresh boolean)
language plpgsql set search_path = '' as $$
begin
  return query
    insert into public.venue_sends as s (signer, nonce, mode, account, cloid, what, sent_at, expires_at)
    select signer_, public.venue_nonce(signer_, wall_ms), mode_, account_, cloid_, what_,
           to_timestamp(wall_ms / 1000.0), to_timestamp((wall_ms + life_ms) / 1000.0)
     where what_ <> 'order' or not exists (
       select from public.venue_sends t where t.mode = mode_ and t.cloid = cloid_
          and t.what = 'order' and t.outcome is distinct from 'never')
    on conflict do nothing
    returning s.signer, s.nonce, s.account, s.cloid, s.what, s.sent_at, s.expires_at, s.outcome, s.why,
              s.settled_at, true;
  if not found then
    return query
      select t.signer, t.nonce, t.account, t.cloid, t.what, t.sent_at, t.expires_at, t.outcome, t.why,
             t.settled_at, false
        from public.venue_sends t
       where t.mode = mode_ and t.cloid = cloid_ and t.what = 'order' and t.outcome is distinct from 'never';
  end if;
end $$;

select strandloom.protect_table(t) from unnest(array[
  'public.venue_nonces', 'public.venue_sends']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array['venue_nonce', 'venue_claim']);
