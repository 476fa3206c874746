What the timetable has done and what came of it.

-- last, repeatable --
-- The newest slot that was posted.
select max(slot) from public.job_runs;

-- runs, repeatable --
-- The newest run of every job and what came of it; $1 of each.
select * from public.job_history where place <= $1 order by slot desc, job;
