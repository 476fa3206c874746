What was sent to a venue, and with which nonce.

-- nonce --
-- A nonce that nobody has used for this key.
select public.venue_nonce($1, $2);

-- claim --
-- The right to send: mode, account, signer, client order id, what, wall time and life in milliseconds, child.
select * from public.venue_claim($1, $2, $3, $4, $5, $6, $7, $8);

-- settle --
-- What became of a send; the first word that is known stays, but what arrived may still turn out refused.
update public.venue_sends s set outcome = $4, why = $5, settled_at = $6
 where s.signer = $1 and s.mode = $2 and s.nonce = $3
   and (s.outcome is null or (s.outcome = 'arrived' and $4 = 'refused'));

-- sends, repeatable --
-- All sends of a client order id by one account, itself or with it as a child, newest first.
select s.signer, s.nonce, s.account, s.cloid, s.what, s.sent_at, s.expires_at, s.outcome, s.why, s.settled_at,
       false as fresh, s.child
  from public.venue_sends s where s.mode = $1 and (s.cloid = $2 or s.child = $2) and s.account = $3
 order by s.sent_at desc, s.nonce desc limit 100;

-- doubtful, repeatable --
-- The client order ids of an account whose fate is not known, children too, and since when.
select o.cloid, min(s.sent_at) as since
  from public.venue_sends s cross join lateral (values (s.cloid), (s.child)) as o (cloid)
 where s.mode = $1 and s.account = $2 and s.outcome is null and o.cloid is not null
 group by o.cloid order by since limit 1000;
