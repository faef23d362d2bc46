#!/bin/sh
# A database and a role a service: a role connects to its own database only. Runs once, on an empty volume.
set -eu
for service in intake matching followup reporting; do
    psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 \
        --set service="$service" --set password="$(cat "/run/secrets/${service}_password")" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 --command "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC"
