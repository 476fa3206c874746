-- The books: what happened at a venue, as transactions whose entries sum to zero.

create table if not exists public.ledger_accounts (
  id       bigint generated always as identity primary key,
  venue    text not null,
  account  text not null,
  nature   text not null check (nature in ('asset', 'equity', 'income', 'expense')),
  symbol   text,
  usd      numeric not null default 0,
  quantity numeric not null default 0,
  unique (venue, account)
);
comment on table public.ledger_accounts is 'The accounts of every venue with their running balances.';
comment on column public.ledger_accounts.usd is 'Debits above zero, credits below: assets and expenses against equity and income.';
comment on column public.ledger_accounts.quantity is 'Of positions: what is held, signed; the dollars are its cost.';

create table if not exists public.ledger_transactions (
  id          bigint generated always as identity primary key,
  venue       text not null,
  what        text not null check (what in ('fill', 'funding', 'flow', 'opening')),
  symbol      text not null default '',
  at          timestamptz not null,
  tid         bigint not null,
  source      text not null check (source in ('trade', 'reconciliation')),
  cloid       text,
  oid         bigint,
  side        text check (side in ('buy', 'sell')),
  price       numeric,
  quantity    numeric,
  maker       boolean,
  liquidation boolean,
  ambiguous   boolean,
  rate        numeric,
  unique (venue, what, symbol, at, tid)
);
comment on table public.ledger_transactions is 'What happened, once each: fills, funding, deposits and withdrawals, openings.';
comment on column public.ledger_transactions.source is 'Who booked it: the trade itself, or a reconciliation that found it missing.';
create index if not exists ledger_transactions_at on public.ledger_transactions (venue, at);
create index if not exists ledger_transactions_cloid on public.ledger_transactions (cloid) where cloid is not null;

create table if not exists public.ledger_entries (
  transaction bigint not null references public.ledger_transactions (id),
  account     bigint not null references public.ledger_accounts (id),
  usd         numeric not null,
  quantity    numeric not null default 0,
  primary key (transaction, account)
);
comment on table public.ledger_entries is 'The sides of each transaction; their dollars sum to zero, which the database checks at commit.';
create index if not exists ledger_entries_account on public.ledger_entries (account, transaction);

-- At commit every transaction has entries, and they sum to zero.
create or replace function strandloom.ledger_balances() returns trigger
language plpgsql set search_path = '' as $$
declare
  touched bigint := case tg_table_name when 'ledger_transactions' then (to_jsonb(new) ->> 'id')::bigint
                    else (to_jsonb(coalesce(new, old)) ->> 'transaction')::bigint end;
  total   numeric;
  sides   bigint;
begin
  select coalesce(sum(e.usd), 0), count(*) into total, sides from public.ledger_entries e
   where e.transaction = touched;
  if total <> 0 then
    raise exception 'the entries of transaction % sum to %, not to zero', touched, total
      using errcode = 'check_violation', constraint = 'ledger_entries_sum_to_zero';
  end if;
  if sides = 0 and exists (select from public.ledger_transactions t where t.id = touched) then
    raise exception 'transaction % has no entries', touched
      using errcode = 'check_violation', constraint = 'ledger_transactions_have_entries';
  end if;
  return null;
end $$;

drop trigger if exists ledger_entries_sum_to_zero on public.ledger_entries;
create constraint trigger ledger_entries_sum_to_zero after insert or update or delete on public.ledger_entries
  deferrable initially deferred for each row execute function strandloom.ledger_balances();
drop trigger if exists ledger_transactions_have_entries on public.ledger_transactions;
create constraint trigger ledger_transactions_have_entries after insert on public.ledger_transactions
  deferrable initially deferred for each row execute function strandloom.ledger_balances();

-- Once per (venue, what, symbol, at, tid); the balances move with it.  Accounts are locked by name, in order.
create or replace function public.ad_write_ledger_book(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  made bigint;
begin
  insert into public.ledger_transactions (venue, what, symbol, at, tid, source, cloid, oid, side, price, quantity,
         maker, liquidation, ambiguous, rate)
  select t.venue, t.what, t.symbol, t.at, t.tid, t.source, t.cloid, t.oid, t.side, t.price, t.quantity,
         t.maker, t.liquidation, t.ambiguous, t.rate
    from jsonb_to_record(asked) as t(venue text, what text, symbol text, at timestamptz, tid bigint, source text,
         cloid text, oid bigint, side text, price numeric, quantity numeric, maker boolean, liquidation boolean,
         ambiguous boolean, rate numeric)
  on conflict do nothing returning id into made;
  if made is null then
    return true;
  end if;
  with sides as (
    select e.account, e.nature, e.symbol, e.usd, e.quantity
      from jsonb_to_recordset(asked -> 'entries') as e(account text, nature text, symbol text, usd numeric,
           quantity numeric)
  ), moved as (
    insert into public.ledger_accounts as a (venue, account, nature, symbol, usd, quantity)
    select asked ->> 'venue', s.account, s.nature, s.symbol, s.usd, s.quantity from sides s order by s.account
    on conflict (venue, account) do update set usd = a.usd + excluded.usd, quantity = a.quantity + excluded.quantity
    returning a.id, a.account
  )
  insert into public.ledger_entries (transaction, account, usd, quantity)
  select made, m.id, s.usd, s.quantity from sides s join moved m on m.account = s.account;
  return true;
end $$;

create or replace function public.ad_look_ledger_balances(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(a) - 'id' from public.ledger_accounts a
   where (asked ->> 'venue') is null or a.venue = asked ->> 'venue'
   order by a.venue collate "C", a.account collate "C" limit 10000
$$;

create or replace function public.ad_look_ledger_since(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('venue', t.venue, 'what', t.what, 'symbol', t.symbol, 'at', t.at, 'tid', t.tid)
    from public.ledger_transactions t
   where t.venue = asked ->> 'venue'
     and t.at between (asked ->> 'since')::timestamptz and (asked ->> 'until')::timestamptz
   order by t.at, t.what collate "C", t.symbol collate "C", t.tid limit 10000
$$;

create or replace function public.ad_look_ledger_books(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('venue', asked ->> 'venue', 'begun_at', min(t.at),
         'opened_at', min(t.at) filter (where t.what = 'opening'))
    from public.ledger_transactions t where t.venue = asked ->> 'venue' having count(*) > 0
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.ledger_accounts', 'public.ledger_transactions', 'public.ledger_entries']::regclass[]) as t;
revoke update, delete on public.ledger_transactions, public.ledger_entries from service_role; -- never edited
select strandloom.protect_function('strandloom.ledger_balances()'::regprocedure);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_ledger_book', 'ad_look_ledger_balances', 'ad_look_ledger_since', 'ad_look_ledger_books']);
