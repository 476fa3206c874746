"""Regular work: a timetable in market time that only posts strands; modules do the work."""
