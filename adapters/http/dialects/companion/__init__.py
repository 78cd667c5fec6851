"""The companion API, under /v1: devices, dialog, and the sound of answers."""
