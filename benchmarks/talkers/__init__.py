"""One talker heard by several devices, or two talkers in two rooms."""
