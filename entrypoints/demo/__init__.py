"""`mira demo`: the main job, live, in half a minute."""
