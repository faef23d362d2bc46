"""`make compose-test`: the deployables run as containers, for real. Not collected by pytest; __main__.py runs it."""
