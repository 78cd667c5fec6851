"""Sound files by libsndfile, and change of rate by soxr."""
