Who leads which role, and who stands by.

-- present, repeatable --
-- This process says who it is; those that were not seen for a day are forgotten.
with gone as (delete from public.ad_processes where seen_at < clock_timestamp() - interval '1 day' and process <> $1)
insert into public.ad_processes (process, place, pid, began, roles, version) values ($1, $2, $3, $4, $5, $6)
on conflict (process) do update set seen_at = clock_timestamp();

-- neighbours, repeatable --
-- Leaders that run where we do: whether they live can be seen.
select coalesce(jsonb_agg(jsonb_build_object('process', p.process, 'pid', p.pid, 'began', p.began)), '[]')
  from public.ad_processes p
 where p.place = $1 and p.process <> $2
   and exists (select from public.ad_leaders l where l.process = p.process);

-- lead, repeatable --
-- Ask for roles and renew ours.
select * from public.ad_lead($1, $2::text[], $3, $4::text[]);

-- leave, repeatable --
-- Give everything back.
select public.ad_leave($1);

-- leaders, repeatable --
-- Every role with its leader, and who could take over.
select l.role, l.process, l.epoch, l.since, l.until > clock_timestamp() as in_force,
       (select array_agg(p.process order by p.started_at) from public.ad_processes p
         where l.role = any (p.roles) and p.process <> l.process
           and p.seen_at > clock_timestamp() - interval '10 seconds') as standing_by
  from public.ad_leaders l
 order by l.role;

-- processes, repeatable --
-- The processes that were seen lately.
select process, roles, version, started_at, seen_at from public.ad_processes
 where seen_at > clock_timestamp() - interval '1 minute'
 order by started_at;
