"""What runs: a service put together from its blueprint, its settings, its processes from start to end, health, logs
and metrics."""
