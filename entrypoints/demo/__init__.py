"""`mira demo`: the main job, live, in half a minute."""

from entrypoints.demo.command import demo

__all__ = ["demo"]
