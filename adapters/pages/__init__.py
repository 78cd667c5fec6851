"""Pages that people read in a browser, made from the documents that machines read; they load nothing."""
