-- What was given up, and why?  `strandloom dead retry CONSUMER SEQ` delivers it again.
select l.died_at, l.consumer, l.seq, l.attempts, l.last_error, s.kind, s.symbol, s.content, l.strand_id
  from ad_dead_letters l left join ad_strands s on s.seq = l.seq
 order by l.died_at desc, l.seq desc
 limit 200;
