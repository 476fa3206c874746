-- Risk: what approved plans have claimed of the budget, how the account stands, and which halts are in force.

create table if not exists public.risk_claims (
  plan        uuid primary key,
  decision    uuid not null,
  idea        text not null,
  symbol      text not null,
  signed_usd  numeric not null,
  risk_usd    numeric not null check (risk_usd >= 0),
  exploration boolean not null default false,
  state       text not null default 'claimed' check (state in ('claimed', 'used', 'released')),
  claimed_at  timestamptz not null,
  expires_at  timestamptz not null,
  released_at timestamptz
);
comment on table public.risk_claims is 'The risk budget: claimed on approval, used on fill, released on close or expiry.';
create index if not exists risk_claims_live on public.risk_claims (idea) where state <> 'released';
create index if not exists risk_claims_recent on public.risk_claims (claimed_at);

create table if not exists public.risk_state (
  account text primary key,
  version bigint not null,
  content jsonb not null
);
comment on table public.risk_state is 'How each account stands: day, unit value, high-water mark, streaks, results.';

create table if not exists public.risk_halts (
  rule   text not null,
  symbol text not null default '',
  reason text not null,
  by     text not null,
  since  timestamptz not null,
  strand uuid not null,
  primary key (rule, symbol)
);
comment on table public.risk_halts is 'Halts in force; an empty symbol means everything.';

-- Claims risk for a plan unless the budget, the probes' budget, the idea or the symbol is taken by then.
create or replace function public.ad_write_budget_claim(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  wanted public.risk_claims := jsonb_populate_record(null::public.risk_claims, asked);
  spent  numeric;
  probes numeric;
begin
  perform pg_advisory_xact_lock(hashtextextended('strandloom risk budget', 0));
  if exists (select 1 from public.risk_claims c where c.plan = wanted.plan) then
    return true;
  end if;
  select coalesce(sum(c.risk_usd), 0), coalesce(sum(c.risk_usd) filter (where c.exploration), 0)
    into spent, probes
    from public.risk_claims c where c.state <> 'released';
  if spent + wanted.risk_usd > (asked ->> 'budget_usd')::numeric
     or wanted.exploration and probes + wanted.risk_usd > (asked ->> 'probe_budget_usd')::numeric
     or exists (select 1 from public.risk_claims c
                 where c.state <> 'released' and (c.idea = wanted.idea or c.symbol = wanted.symbol)
                   and c.plan is distinct from (asked ->> 'replaces')::uuid) then
    return false;
  end if;
  insert into public.risk_claims (plan, decision, idea, symbol, signed_usd, risk_usd, exploration, claimed_at, expires_at)
  values (wanted.plan, wanted.decision, wanted.idea, wanted.symbol, wanted.signed_usd, wanted.risk_usd,
          coalesce(wanted.exploration, false), wanted.claimed_at, wanted.expires_at);
  return true;
end $$;

create or replace function public.ad_write_budget_use(asked jsonb) returns boolean
language sql set search_path = '' as $$
  update public.risk_claims c
     set state = 'used', signed_usd = (asked ->> 'signed_usd')::numeric, risk_usd = (asked ->> 'risk_usd')::numeric,
         released_at = null
   where c.plan = (asked ->> 'plan')::uuid;
  select true
$$;

create or replace function public.ad_write_budget_release(asked jsonb) returns boolean
language sql set search_path = '' as $$
  update public.risk_claims c set state = 'released', released_at = (asked ->> 'at')::timestamptz
   where c.plan = (asked ->> 'plan')::uuid and c.state <> 'released';
  select true
$$;

-- Replaces an account's standing, unless it is no longer the version that was read.
create or replace function public.ad_write_risk_put(asked jsonb) returns boolean
language plpgsql set search_path = '' as $$
declare
  was bigint;
begin
  select s.version into was from public.risk_state s where s.account = asked ->> 'account' for update;
  if coalesce(was, 0) <> (asked ->> 'version')::bigint then
    return false;
  end if;
  insert into public.risk_state values (asked ->> 'account', coalesce(was, 0) + 1, asked -> 'content')
  on conflict (account) do update set version = excluded.version, content = excluded.content;
  return true;
end $$;

create or replace function public.ad_write_halt_set(asked jsonb) returns boolean
language sql set search_path = '' as $$
  insert into public.risk_halts (rule, symbol, reason, by, since, strand)
  select asked ->> 'rule', asked ->> 'symbol', asked ->> 'reason', asked ->> 'by',
         (asked ->> 'since')::timestamptz, (asked ->> 'strand')::uuid
  on conflict do nothing;
  select true
$$;

create or replace function public.ad_write_halt_clear(asked jsonb) returns boolean
language sql set search_path = '' as $$
  delete from public.risk_halts h where h.rule = asked ->> 'rule' and h.symbol = asked ->> 'symbol';
  select true
$$;

create or replace function public.ad_look_budget_live(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(c) from public.risk_claims c where c.state <> 'released'
   order by c.claimed_at, c.plan limit 10000
$$;

create or replace function public.ad_look_budget_recent(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('claimed_at', c.claimed_at, 'exploration', c.exploration)
    from public.risk_claims c where c.claimed_at > (asked ->> 'since')::timestamptz
   order by c.claimed_at, c.plan limit 10000
$$;

create or replace function public.ad_look_risk_state(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(s) from public.risk_state s where s.account = asked ->> 'account'
$$;

create or replace function public.ad_look_halt_all(asked jsonb) returns setof jsonb
language sql stable set search_path = '' as $$
  select to_jsonb(h) from public.risk_halts h order by h.since, h.rule, h.symbol limit 1000
$$;

select strandloom.protect_table(t) from unnest(array[
  'public.risk_claims', 'public.risk_state', 'public.risk_halts']::regclass[]) as t;
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'ad_write_budget_claim', 'ad_write_budget_use', 'ad_write_budget_release', 'ad_write_risk_put',
   'ad_write_halt_set', 'ad_write_halt_clear', 'ad_look_budget_live', 'ad_look_budget_recent',
   'ad_look_risk_state', 'ad_look_halt_all']);
