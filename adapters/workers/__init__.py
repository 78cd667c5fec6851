"""Worker processes: jobs that would hold the interpreter, or could crash it, are done next door."""
