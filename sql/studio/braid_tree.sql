-- What is a braid made of?  The tree below one braid, down to single outcomes.
-- Paste its id between the quotes; left empty it shows the newest braid of the highest level.
with recursive asked as (
  select b.braid as id from public.braids b
   where '' = '' or b.braid::text = ''
   order by b.level desc, b.at desc limit 1),
tree as (
  select s.id, s.parent_ids, s.kind, s.braid_level, s.content, s.event_at, 0 as depth, array[s.event_at::text] as path
    from ad_strands s join asked using (id)
  union all
  select s.id, s.parent_ids, s.kind, s.braid_level, s.content, s.event_at, t.depth + 1,
         t.path || (s.event_at::text || s.id::text)
    from tree t join ad_strands s on s.id = any (t.parent_ids)
   where t.kind = 'braid' and s.kind in ('braid', 'outcome', 'performance_analysis') and t.depth < 12)
select repeat('    ', t.depth) || t.kind || case when t.braid_level > 0 then ' ' || t.braid_level else '' end as strand,
       coalesce(t.content ->> 'cluster', t.content ->> 'pattern', t.content ->> 'style') as what,
       coalesce((t.content ->> 'n')::int, 1) as outcomes,
       round(coalesce(t.content ->> 'mean_net_bps', t.content ->> 'r_bps', t.content ->> 'saved_bps')::numeric, 2)
         as net_bps,
       t.event_at, t.id
  from tree t
 order by t.path
 limit 1000;
