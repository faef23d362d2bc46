#!/bin/sh
# A database and a role a service: a role connects to its own database only. Runs once, on an empty volume; should it
# fail, empty the volume before the next try. The database that the health check looks for is made last.
set -eu
psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 <<'SQL'
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
REVOKE ALL ON DATABASE template1 FROM PUBLIC;
SQL
for service in feed intake matching followup reporting; do
    psql --username postgres --dbname postgres --set ON_ERROR_STOP=1 --set service="$service" <<SQL
\\set password \`cat /run/secrets/${service}_password\`
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
