"""How one call is timed and proven. Knows no backend by name."""
