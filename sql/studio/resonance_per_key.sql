-- Which patterns resonate?  The keys with the highest R, and the evidence that each number rests on.
-- R ranks and never proves: read it with n_blocks and the lower bound of the success rate beside it.
select k.key, k.n as outcomes, k.n_blocks as blocks, round(k.sr::numeric, 3) as success,
       round(k.sr_low::numeric, 3) as at_least, round(k.net_bps::numeric, 2) as net_bps,
       round(k.se_bps::numeric, 2) as se_bps, round(k.phi::numeric, 3) as phi, round(k.rho::numeric, 3) as rho,
       round(k.omega::numeric, 3) as omega, round(k.theta::numeric, 3) as theta,
       round(k.resonance::numeric, 3) as resonance, round(k.persistence::numeric, 3) as persistence,
       round(k.selection::numeric, 2) as selection, k.as_of
  from public.pattern_keys k
 where k.n_blocks >= 20
 order by k.resonance desc nulls last, k.n_blocks desc, k.key
 limit 200;
