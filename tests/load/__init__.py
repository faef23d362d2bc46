"""A load for tests: a long history of the centre, driven for as long as a test needs it, and exact at whatever day."""
