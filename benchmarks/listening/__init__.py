"""How listening does over time: cost, ends of turns, switches, one talker told from two."""
