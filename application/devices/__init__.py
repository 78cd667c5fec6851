"""Devices of the companion dialect: registered, paired, commanded."""
