-- Do our books agree with the venues, and since when do they not?
-- Every reconciliation, newest first: the drift in dollars, what had to be booked, and what stayed unexplained.
select r.at, r.venue, r.agrees, r.drift_usd, r.books_cash_usd, r.venue_cash_usd, r.booked,
       array_to_string(r.unexplained, ' ') as unexplained,
       (select min(u.since) from ledger_unexplained u where u.venue = r.venue) as unexplained_since
  from ledger_reconciliations r
 order by r.at desc, r.venue
 limit 200;
