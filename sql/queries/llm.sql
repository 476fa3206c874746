What language models were asked, what it cost, and the replies that are kept.

-- reserve --
-- Sets money aside for one call, or says which budget does not allow it.
select public.llm_reserve($1::jsonb);

-- settle --
-- What a call really took, before its reply is looked at.
select public.llm_settle($1, $2, $3, $4, $5);

-- judge --
-- What became of a call, and of a reply that may not be used what it said.
update public.llm_calls set outcome = $2, fallback_reason = $3, reply = $4 where id = $1;

-- decline --
-- Nobody was asked, and why.
insert into public.llm_calls (at, agent, model, prompt, correlation, market_at, cost_usd, outcome, fallback_reason)
select (r ->> 'at')::timestamptz, r ->> 'agent', r ->> 'model', r ->> 'prompt', (r ->> 'correlation')::uuid,
       (r ->> 'market_at')::timestamptz, 0, 'declined', r ->> 'reason'
  from (select $1::jsonb as r) as given;

-- kept, repeatable --
-- The good reply to the very same question.
select r.reply from public.llm_replies r where r.key = $1;

-- keep --
-- Remembers a good reply; the first one stays.
insert into public.llm_replies values ($1, $2, $3, $4, $5, $6) on conflict do nothing;

-- forget --
-- Calls and replies of long ago.
select public.llm_forget($1);

-- newest, repeatable --
-- The newest calls, of one agent or outcome where asked.
select c.at, c.agent, c.model, c.prompt, c.rung, c.attempt, c.tokens_in, c.tokens_out, c.cost_usd, c.latency_ms,
       c.outcome, c.fallback_reason, c.correlation, c.reply, c.id
  from public.llm_calls c
 where ($1::text is null or c.agent = $1) and ($2::text is null or c.outcome = $2)
 order by c.at desc, c.id
 limit $3;

-- cost, repeatable --
-- What models cost since a day, per day, agent and model.
select * from public.llm_cost_per_agent v where v.day >= $1 order by v.day desc, v.cost_usd desc, v.agent limit 1000;

-- spent, repeatable --
-- What is spent or reserved: in all, on a day, and by each agent on that day.
select s.scope, s.usd from public.llm_spend s
 where s.scope = 'all' or s.scope = 'day ' || $1::text or s.scope like 'agent % ' || $1::text
 order by s.scope;
