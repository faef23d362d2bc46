"""The history driven through the services: each action as a request of somebody's, day by day."""
