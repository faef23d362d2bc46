#!/bin/bash
# Starts PostgreSQL with its certificate. It takes its key from a file alone that is its own and closed to all others,
# which no file of the host can be to a container's user; so each start makes one of it, in memory.
set -eu
install -m 600 /run/tls/server.key /tmp/server.key
exec docker-entrypoint.sh "$@"
