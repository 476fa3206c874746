-- Which venue, and which way of sending there, executes our orders best?
-- Costs are basis points a side, saved is against a taker order at arrival; the venue's own line comes first.
select split_part(key, '|', 1) as venue, nullif(split_part(key, '|', 2), '') as style,
       nullif(split_part(key, '|', 3), '') as volatility, orders::int as orders,
       round((share / nullif(orders, 0))::numeric, 3) as fill_rate,
       round((rejected / nullif(orders, 0))::numeric, 3) as rejected,
       round((doubted / nullif(orders, 0))::numeric, 3) as in_doubt,
       round(((slippage_bps + fee_bps) / nullif(executed, 0))::numeric, 2) as cost_bps,
       round((saved_bps / nullif(measured, 0))::numeric, 2) as saved_bps,
       round((answer_s / nullif(answered, 0))::numeric, 3) as answers_in_s
  from execution_sums
 where orders > 0 and split_part(key, '|', 4) = ''
 order by venue, style nulls first, volatility nulls first
 limit 200;
