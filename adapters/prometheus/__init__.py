"""Figures for Prometheus, and for all that reads its text format."""
