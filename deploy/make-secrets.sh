#!/bin/sh
# Makes the passwords that docker-compose.yml hands to the containers and the secrets by which services mark rows of
# imports, those that aren't there yet, and an empty key set: put the keys of your identity provider into
# deploy/keys/jwks.json. The files are readable by every user of a
# container, since each runs as its own; the folder of the passwords keeps everybody else out, and that of the keys,
# which are public, lets them in.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres.password intake.password matching.password followup.password reporting.password \
    intake.marks matching.marks followup.marks; do
    file=$folder/$name
    if [ ! -s "$file" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$file"
        echo "made $file"
    fi
    chmod 444 "$file"
done
chmod a+r "$(dirname "$0")/Caddyfile" "$(dirname "$0")/postgres-init.sh" "$(dirname "$0")/kafka-log4j2.yaml"
keys=$(dirname "$0")/keys
mkdir -p "$keys"
chmod 755 "$keys"
file=$keys/jwks.json
if [ ! -s "$file" ]; then
    printf '{"keys": []}\n' > "$file"
    echo "made $file without any key: no token is accepted yet"
fi
chmod 444 "$file"
