-- What did language models cost, and whose words were not used?  The last thirty days, per day, agent and model.
select day, agent, model, calls, answered, quarantined, failed, declined, tokens_in, tokens_out,
       round(cost_usd, 4) as cost_usd, mean_latency_ms
  from llm_cost_per_agent
 where day > current_date - 30
 order by day desc, cost_usd desc
 limit 200;
