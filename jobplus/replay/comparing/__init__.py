"""What the services publish, compared with what the plan says and what the history expects beside it."""
