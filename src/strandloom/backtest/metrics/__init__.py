"""What a backtest came to in numbers: pure functions of returns, trades and costs."""
