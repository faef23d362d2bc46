"""The history driven through the services: each action, by its row of the table, as somebody's request, day by day."""
