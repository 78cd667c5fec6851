"""What `mira device` costs the machine that it runs on."""
