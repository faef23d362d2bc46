"""What the services publish, compared with what the plan says and what is expected of the history."""
