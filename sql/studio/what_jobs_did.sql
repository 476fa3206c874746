-- Which jobs ran, and what came of them?  The last ten runs of each, newest first.
select h.job, h.slot, h.outcome, h.answers, h.took, h.holder, h.strand
  from job_history h
 where h.place <= 10
 order by h.slot desc, h.job;
