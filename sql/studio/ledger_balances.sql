-- What is in the books, account by account?
-- Debits above zero, credits below; a venue's accounts sum to zero.  Positions are at cost, with what is held.
select coalesce(venue, 'all venues') as venue, coalesce(account, 'sum') as account, min(nature) as nature,
       round(sum(usd), 6) as usd, nullif(sum(quantity) filter (where account like 'position:%'), 0) as held
  from ledger_accounts
 group by grouping sets ((venue, account), (venue))
 order by venue, grouping(account), account
 limit 1000;
