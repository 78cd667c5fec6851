"""Whether one network at its limit slows another."""
