-- What is held, and what could it cost?  As the Trader told it last.
select s.event_at as as_of, held.value ->> 'symbol' as symbol, held.value ->> 'quantity' as quantity,
       held.value ->> 'entry_price' as entry_price, held.value ->> 'mark' as mark,
       held.value ->> 'unrealised_usd' as unrealised_usd, held.value ->> 'stop' as stop,
       held.value ->> 'risk_usd' as risk_usd, held.value ->> 'decision' as decision
  from (select * from ad_strands where kind = 'position_tracking' order by created_at desc limit 1) s
 cross join lateral jsonb_array_elements(s.content -> 'held') held
 order by symbol;
