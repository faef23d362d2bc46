"""Charts of a release's tables: what each shows, drawn once by a process of its own, and kept."""
