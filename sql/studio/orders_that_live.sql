-- Which orders may still trade, and how did each come to where it is?  The story has every state with its time.
select o.symbol, o.leg, o.side, o.quantity, o.filled, coalesce(o.trigger, o.price) as level, o.style, o.state,
       o.venue, o.at as moved_at, array_to_string(o.story, ' → ') as story, o.cloid, o.trade
  from trader_orders o
 where o.state not in ('closed', 'cancelled', 'rejected', 'expired', 'filled')
 order by o.state = 'unknown' desc, o.at
 limit 500;
