"""The market side: bars, feeds, the heartbeat, and the window that modules look through."""
