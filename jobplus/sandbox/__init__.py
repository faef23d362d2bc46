"""`jobplus sandbox`: a local stack with the partners' feed and an invented centre that goes on by itself, for those who
build a system that reads events."""
