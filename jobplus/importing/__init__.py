"""A centre moves in: its seekers, firms and history, brought from files through the services' bulk endpoints."""
