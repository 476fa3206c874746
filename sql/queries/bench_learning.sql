-- What the measurements of learning do beside learning itself.

-- fill --
-- So many outcomes: $2 and $3 patterns with their timeframes, $4 symbols, $5 regimes, $6 sessions; opened from
-- $7 on over $8 minutes, each for $9 seconds; numbered from $10 on.
insert into pattern_evidence (
  prediction, family, pattern, direction, symbol, timeframe, regime, session, p, p_base, reference_rate, r_bps,
  gross_bps, opened_at, closed_at, entry, exit, closed_by, cost_model, horizon_s, shadow, late, ambiguous, held_out)
select md5(n::text)::uuid, 'pattern', ($2::text[])[1 + which], case when n % 2 = 0 then 'up' else 'down' end,
       ($4::text[])[1 + (random() * 1e6)::int % cardinality($4::text[])], ($3::text[])[1 + which],
       ($5::text[])[1 + (random() * 1e6)::int % cardinality($5::text[])],
       ($6::text[])[1 + (random() * 1e6)::int % cardinality($6::text[])],
       0.3 + 0.4 * random(), 0.5, 0.5, gross - 9, gross, opened, opened + make_interval(secs => $9::integer),
       100, 100, 'expiry', 'venue/1', $9::integer, false, false, false, false
  from (select n, (random() * 1e6)::int % cardinality($2::text[]) as which, 60 * (random() + random() - 1) as gross,
               $7::timestamptz + make_interval(mins => (random() * $8::integer)::integer) as opened
          from generate_series($10::integer + 1, $10::integer + $1::integer) as n) made

-- settle_dust --
vacuum analyze pattern_evidence
