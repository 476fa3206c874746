-- What is each consumer waiting for?  Open deliveries by state, the age of the oldest, and who is paused.
select q.consumer, q.waiting, q.leased, q.backing_off, q.expired, q.dead,
       clock_timestamp() - s.created_at as oldest_waits_since, s.kind as oldest_kind, q.oldest_seq,
       c.order_by, c.paused, array_to_string(c.patterns, ' ') as reads
  from ad_queue_stats q
  join ad_consumers c on c.consumer = q.consumer
  left join ad_strands s on s.seq = q.oldest_seq
 order by s.created_at nulls last, q.consumer;
