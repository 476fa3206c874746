"""Where closed bars and quotes come from: one small port, one file per source."""
