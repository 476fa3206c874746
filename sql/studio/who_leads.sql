-- Who leads each role, since when, and who stands by?
select l.role, l.process, l.epoch, l.since, l.until > clock_timestamp() as in_force,
       (select string_agg(p.process, ', ' order by p.started_at) from ad_processes p
         where l.role = any (p.roles) and p.process <> l.process
           and p.seen_at > clock_timestamp() - interval '10 seconds') as standing_by
  from ad_leaders l
 order by l.role;
