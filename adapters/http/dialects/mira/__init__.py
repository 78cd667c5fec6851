"""The networks API, under /api/v1: networks, clients, interactions, agenda, conversations, health."""
