"""Words about numbers: a port, a writer that follows rules, and one that asks a language model."""
