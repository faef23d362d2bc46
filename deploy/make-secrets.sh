#!/bin/sh
# Makes what docker-compose.yml hands to the containers, where it isn't there yet: the passwords of PostgreSQL's roles and
# of Kafka's users, the secrets by which services mark rows of imports and by which the pages seal sessions, the key of
# webhooks' secrets, an authority with the certificates of Kafka and
# PostgreSQL, and an empty key set: put the keys of your identity provider into deploy/keys/jwks.json.
# What is there stays as it is; to have something made anew, remove it first (docs/runbook.md, Certificates and passwords).
# The files are readable by every user of a container, since each runs as its own; the folder of the secrets keeps
# everybody else out, and that of the keys, which are public, lets them in. A folder in it that is mounted as a whole is
# open to whoever is in the container. The authority's key is in none of these.
set -eu
umask 022
here=$(dirname "$0")
folder=$here/secrets
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres.password intake.password matching.password followup.password reporting.password \
    feed.password admin.kafka intake.kafka matching.kafka followup.kafka reporting.kafka feed.kafka \
    intake.marks matching.marks followup.marks reporting.session reporting.oidc feed.webhooks; do
    file=$folder/$name
    if [ ! -s "$file" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "$file"
        echo "made $file"
    fi
    chmod 444 "$file"
done
chmod a+r "$here/Caddyfile" "$here/postgres-init.sh" "$here/postgres-start.sh" "$here/postgres-hba.conf" \
    "$here/kafka-start.sh" "$here/kafka-admin.sh" "$here/kafka-log4j2.yaml"

command -v openssl > /dev/null || { echo "openssl is needed to make certificates: install it" >&2; exit 1; }
authority=$folder/authority
trust=$folder/trust
mkdir -p "$authority" "$trust"
chmod 700 "$authority"
if [ ! -s "$authority/authority.key" ] || [ ! -s "$authority/authority.pem" ]; then
    rm -f "$authority"/*
    cat > "$authority/authority.conf" <<'CONF'
[req]
distinguished_name = name
x509_extensions = extensions
[name]
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONF
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=jobplus authority" \
        -config "$authority/authority.conf" -keyout "$authority/authority.key" -out "$authority/authority.pem" \
        2> /dev/null
    echo "made $authority/authority.pem"
fi
chmod 400 "$authority/authority.key"
if [ ! -s "$trust/ca.pem" ]; then
    cp "$authority/authority.pem" "$trust/ca.pem"
    echo "made $trust/ca.pem"
fi
for name in kafka postgres; do
    place=$folder/$name-tls
    mkdir -p "$place"
    if [ ! -s "$place/server.pem" ] || [ ! -s "$place/server.key" ]; then
        rm -f "$place"/*
        cat > "$authority/$name.conf" <<CONF
[req]
distinguished_name = name
[name]
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:$name, DNS:localhost, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONF
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
            -config "$authority/$name.conf" -keyout "$place/server.key" -out "$authority/$name.csr" 2> /dev/null
        openssl x509 -req -in "$authority/$name.csr" -CA "$authority/authority.pem" -CAkey "$authority/authority.key" \
            -set_serial "0x7$(od -An -N15 -tx1 /dev/urandom | tr -d ' \n')" -days 730 -sha256 \
            -extfile "$authority/$name.conf" -extensions extensions -out "$place/server.pem" 2> /dev/null
        cat "$place/server.key" "$place/server.pem" > "$place/both.pem"
        echo "made $place/server.pem"
    fi
    chmod 444 "$place"/*
    chmod 755 "$place"
done
chmod 755 "$trust"
chmod 444 "$trust/ca.pem"
for file in "$trust/ca.pem" "$folder/kafka-tls/server.pem" "$folder/postgres-tls/server.pem"; do
    openssl x509 -checkend 5184000 -noout -in "$file" > /dev/null ||
        echo "$file ends within 60 days, $(openssl x509 -enddate -noout -in "$file"): docs/runbook.md" >&2
done

# The records of partners, and the site for them, which `jobplus site` writes.
mkdir -p "$here/partners" "$here/site"
chmod 755 "$here/partners" "$here/site"

keys=$here/keys
mkdir -p "$keys"
chmod 755 "$keys"
file=$keys/jwks.json
if [ ! -s "$file" ]; then
    printf '{"keys": []}\n' > "$file"
    echo "made $file without any key: no token is accepted yet"
fi
chmod 444 "$file"
