"""Where Mira starts: the command line, the settings and the wiring."""
