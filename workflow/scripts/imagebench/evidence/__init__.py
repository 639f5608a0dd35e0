"""What the samples say. Knows only timings.csv, so that it works on a table from elsewhere too."""
