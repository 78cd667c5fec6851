"""`mira device`: the runtime on the device itself."""
