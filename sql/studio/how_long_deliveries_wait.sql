-- How long do deliveries wait?  The oldest open one of each consumer, and how many there are.
select q.consumer, q.waiting + q.leased + q.backing_off + q.expired as open, q.dead,
       clock_timestamp() - s.created_at as oldest_waits_since, s.kind as oldest_kind
  from ad_queue_stats q left join ad_strands s on s.seq = q.oldest_seq
 order by oldest_waits_since desc nulls last, q.consumer;
