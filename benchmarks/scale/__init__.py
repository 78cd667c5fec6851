"""What streams, turns and instances cost, on real hubs over PostgreSQL and NATS, in seconds of CPU."""
