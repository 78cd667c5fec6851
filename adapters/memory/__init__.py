"""Everything in memory: a store, blobs and personas for tests and trials, and the audience of one hub."""
