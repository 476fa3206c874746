-- Which lessons are in force, and on what evidence?
-- As they stand, those in force first: what each says, its numbers, and since when it is known.
select l.status, l.reason, left(l.lesson::text, 8) as lesson, (l.content ->> 'version')::int as version,
       l.content -> 'predicate' as predicate, (l.content ->> 'n')::int as outcomes,
       (l.content ->> 'n_blocks')::int as blocks,
       round((l.content ->> 'mean_net_bps')::numeric, 2) as net_bps,
       round((l.content ->> 'drift_bps')::numeric, 2) as drift_bps,
       round((l.content ->> 'ci_low')::numeric, 2) as low, round((l.content ->> 'ci_high')::numeric, 2) as high,
       round((l.content ->> 'claim')::numeric, 2) as claim, (l.content ->> 'p')::float8 as p,
       (l.content ->> 'n_trials')::int as tried, l.known_from
  from public.lessons l
 where l.known_to is null
 order by array_position(array['active', 'contraindicated', 'shadow', 'candidate', 'suspended', 'quarantined',
          'retired'], l.status), (l.content ->> 'p')::float8, l.lesson;
