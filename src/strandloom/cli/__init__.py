"""The command `strandloom`: one file per family of commands."""
