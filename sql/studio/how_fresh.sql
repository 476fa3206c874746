-- How fresh is each symbol, and what is it missing?
-- Age is told against the newest heartbeat of its venue; a live venue's own age stands beside it.
select b.venue, b.symbol, max(b.minute) as last_bar,
       beat.last - max(b.minute) as behind_the_heartbeat,
       now() - beat.last - interval '1 minute' as heartbeat_age,
       (array_agg(b.close order by b.minute desc, b.revision desc))[1] as close,
       count(*) filter (where b.filled and b.revision = 0) as filled_flat_today,
       count(*) filter (where b.revision > 0) as corrections_today
  from (select venue, max(minute) as last from market_beats group by venue) beat
  join market_bars b on b.venue = beat.venue
   and b.day between ((beat.last - interval '1 day') at time zone 'UTC')::date and (beat.last at time zone 'UTC')::date
   and b.minute > beat.last - interval '1 day' and b.minute <= beat.last
 group by b.venue, b.symbol, beat.last
 order by behind_the_heartbeat desc, b.venue, b.symbol
 limit 500;
