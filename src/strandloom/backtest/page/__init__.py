"""The report of a backtest: one page that needs nothing beside it."""
