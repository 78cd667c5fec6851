"""Several providers of one role, tried in order: each with a time-out, another try, and a circuit breaker."""
