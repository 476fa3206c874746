-- What language models were asked, what it cost, and the replies that were good enough to keep.

create table if not exists public.llm_calls (
  id              uuid primary key default gen_random_uuid(),
  at              timestamptz not null,
  agent           text not null,
  model           text not null,
  prompt          text not null,
  correlation     uuid,
  market_at       timestamptz not null,
  rung            text not null default '',
  attempt         smallint not null default 0,
  tokens_in       integer,
  tokens_out      integer,
  reserved_usd    numeric not null default 0 check (reserved_usd >= 0),
  cost_usd        numeric,
  latency_ms      integer,
  outcome         text not null check (outcome in ('open', 'heard', 'answered', 'quarantined', 'failed', 'declined')),
  fallback_reason text,
  reply           text
);
comment on table public.llm_calls is 'Every try to ask a language model, also those that were not sent.';
comment on column public.llm_calls.correlation is 'The lifecycle that the question belongs to.';
comment on column public.llm_calls.cost_usd is 'NULL while the call is open; a call that was cut off keeps what was reserved.';
comment on column public.llm_calls.fallback_reason is 'Why this try gave no answer; after the last one the rules wrote instead.';
comment on column public.llm_calls.reply is 'Of quarantined replies only: what was said, for people to look at. Never believe it.';
create index if not exists llm_calls_at on public.llm_calls (at);
create index if not exists llm_calls_agent on public.llm_calls (agent, at);

create table if not exists public.llm_spend (
  scope text primary key,
  usd   numeric not null default 0
);
comment on table public.llm_spend is 'What was spent or is reserved: in all, per day, per agent and day.';

create table if not exists public.llm_replies (
  key    text primary key,
  agent  text not null,
  model  text not null,
  prompt text not null,
  reply  text not null,
  at     timestamptz not null
);
comment on table public.llm_replies is 'Good replies by what was asked: the cache, and the log that a replay hears.';
create index if not exists llm_replies_at on public.llm_replies (at);

create or replace function public.llm_scopes(p_agent text, p_at timestamptz) returns text[]
language sql immutable set search_path = '' as $$
  select array['all', 'day ' || d, 'agent ' || p_agent || ' ' || d]
    from to_char(p_at at time zone 'UTC', 'YYYY-MM-DD') as d
$$;

-- Sets money aside before a call, or writes down which budget does not allow it.  One transaction; the sums are
-- locked from the widest to the narrowest, so two processes never spend the same dollar.
create or replace function public.llm_reserve(asked jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  made   public.llm_calls := jsonb_populate_record(null::public.llm_calls, asked);
  scopes text[] := public.llm_scopes(made.agent, made.at);
  limits numeric[] := array[(asked ->> 'total_usd')::numeric, (asked ->> 'day_usd')::numeric,
                            (asked ->> 'agent_day_usd')::numeric];
  names  text[] := array['in all', 'of the day', 'of the agent'];
  spent  numeric;
begin
  for i in 1 .. 3 loop
    insert into public.llm_spend as s (scope) values (scopes[i])
    on conflict (scope) do update set usd = s.usd returning s.usd into spent;
    if made.fallback_reason is null and spent + made.reserved_usd > limits[i] then
      made.fallback_reason := format('the budget %s is used up', names[i]);
    end if;
  end loop;
  made.id := gen_random_uuid();
  if made.fallback_reason is null then
    made.outcome := 'open';
    update public.llm_spend s set usd = s.usd + made.reserved_usd where s.scope = any (scopes);
  else
    made.outcome := 'declined';
    made.reserved_usd := 0;
    made.cost_usd := 0;
  end if;
  insert into public.llm_calls select (made).*;
  return jsonb_build_object('call', made.id, 'refused', made.fallback_reason);
end $$;

-- What it really took; the second time nothing happens.
create or replace function public.llm_settle(p_call uuid, p_in integer, p_out integer, p_cost numeric, p_ms integer)
returns boolean
language plpgsql set search_path = '' as $$
declare
  done public.llm_calls;
begin
  update public.llm_calls c
     set outcome = 'heard', tokens_in = p_in, tokens_out = p_out, cost_usd = p_cost, latency_ms = p_ms
   where c.id = p_call and c.outcome = 'open' returning c.* into done;
  if not found then
    return false;
  end if;
  perform 1 from public.llm_spend s where s.scope = 'all' for update; -- the order of llm_reserve
  update public.llm_spend s set usd = s.usd + p_cost - done.reserved_usd
   where s.scope = any (public.llm_scopes(done.agent, done.at));
  return true;
end $$;

create or replace function public.llm_forget(p_before timestamptz) returns void
language sql set search_path = '' as $$
  delete from public.llm_calls c where c.at < p_before;
  delete from public.llm_replies r where r.at < p_before;
$$;

create or replace view public.llm_cost_per_agent as
select (c.at at time zone 'UTC')::date as day, c.agent, c.model,
       count(*) filter (where c.outcome <> 'declined') as calls,
       count(*) filter (where c.outcome = 'answered') as answered,
       count(*) filter (where c.outcome = 'quarantined') as quarantined,
       count(*) filter (where c.outcome in ('failed', 'open', 'heard')) as failed,
       count(*) filter (where c.outcome = 'declined') as declined,
       coalesce(sum(c.tokens_in), 0) as tokens_in, coalesce(sum(c.tokens_out), 0) as tokens_out,
       coalesce(sum(coalesce(c.cost_usd, c.reserved_usd)), 0) as cost_usd,
       round(avg(c.latency_ms)) as mean_latency_ms
  from public.llm_calls c
 group by 1, 2, 3;
comment on view public.llm_cost_per_agent is 'What language models cost, per day, agent and model.';

select strandloom.protect_table(t) from unnest(array[
  'public.llm_calls', 'public.llm_spend', 'public.llm_replies']::regclass[]) as t;
select strandloom.protect_view('public.llm_cost_per_agent'::regclass);
select strandloom.protect_function(p.oid::regprocedure)
  from pg_proc p
 where p.pronamespace = 'public'::regnamespace and p.proname = any (array[
   'llm_scopes', 'llm_reserve', 'llm_settle', 'llm_forget']);
