"""Raw Data Intelligence: patterns that say what they expect, and how sure they are."""
