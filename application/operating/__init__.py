"""Watching over a hub: health, figures, instances, tidying."""
