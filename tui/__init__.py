"""The operator's terminal dashboard, which speaks to a hub through its client library."""
