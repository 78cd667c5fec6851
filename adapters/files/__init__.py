"""What lies in files: blobs in the data directory, and the personas that are shipped with the product."""
