"""What a run measures, in which order, and what decides each measurement."""
