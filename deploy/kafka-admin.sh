#!/bin/bash
# Gives Kafka's user admin the password in /run/secrets/admin_kafka, made anew or for the first time on a volume that knows
# no users yet: docker compose exec kafka bash /mnt/kafka-admin.sh
# It comes by Kafka's own listener, which is open to Kafka's own certificate alone.
set -eu
password=$(cat /run/secrets/admin_kafka)
umask 077
cat > /tmp/client.properties <<END
security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location=$KAFKA_SSL_KEYSTORE_LOCATION
ssl.truststore.type=PEM
ssl.truststore.location=$KAFKA_SSL_TRUSTSTORE_LOCATION
END
printf 'SCRAM-SHA-512=password=%s\n' "$password" > /tmp/password.properties
trap 'rm -f /tmp/client.properties /tmp/password.properties' EXIT
KAFKA_HEAP_OPTS=-Xmx128m /opt/kafka/bin/kafka-configs.sh --bootstrap-server 127.0.0.1:9094 \
    --command-config /tmp/client.properties --alter --entity-type users --entity-name admin \
    --add-config-file /tmp/password.properties
