"""The one table where teams meet: strands, routing, deliveries, boards and the runner."""
