"""Live sound: streams heard, judged and put to a turn."""
