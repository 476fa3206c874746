"""Risk as pure rules: what is asked, how things stand, and one reasoned answer per rule."""
