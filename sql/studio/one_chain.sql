-- How did it come to this?  The whole chain of one decision, oldest first, indented by hop.
-- Paste the id of any of its strands between the quotes; left empty it shows the newest strand's chain.
with asked as (
  select lifecycle_id from ad_strands
   where '' = '' or id = ad_named_id('')
   order by created_at desc, seq desc limit 1)
select s.created_at, repeat('    ', s.hop) || s.kind as kind, s.module, s.symbol, s.content,
       s.confidence, s.created_at - first_value(s.created_at) over (order by s.created_at, s.seq) as since_start,
       s.parent_ids, s.id
  from ad_strands s join asked using (lifecycle_id)
 order by s.created_at, s.seq
 limit 1000;
