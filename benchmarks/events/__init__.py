"""What events cost on their way through the outbox to NATS, and whether many networks cost more than one."""
