"""The store in a database: SQLite in the data directory, or PostgreSQL for several hubs."""
