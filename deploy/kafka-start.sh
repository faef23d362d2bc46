#!/bin/bash
# Starts Kafka. On an empty volume its data is made first, with its first user in it, the admin, whose password is in
# /run/secrets/admin_kafka: the job `topics` comes as the admin and makes all other users. After that the volume knows it.
set -eu
export CLUSTER_ID=${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}
if [ ! -e "$KAFKA_LOG_DIRS/meta.properties" ]; then
    password=$(cat /run/secrets/admin_kafka)
    umask 077
    cat > /tmp/format.properties <<END
process.roles=$KAFKA_PROCESS_ROLES
node.id=$KAFKA_NODE_ID
controller.quorum.voters=$KAFKA_CONTROLLER_QUORUM_VOTERS
controller.listener.names=$KAFKA_CONTROLLER_LISTENER_NAMES
listeners=$KAFKA_LISTENERS
advertised.listeners=$KAFKA_ADVERTISED_LISTENERS
listener.security.protocol.map=$KAFKA_LISTENER_SECURITY_PROTOCOL_MAP
inter.broker.listener.name=$KAFKA_INTER_BROKER_LISTENER_NAME
log.dirs=$KAFKA_LOG_DIRS
END
    # in a file, for no list of processes to show the password; and unsaid, since what it says holds keys made of it
    printf -- '--add-scram\nSCRAM-SHA-512=[name=admin,password=%s]\n' "$password" > /tmp/first-user
    KAFKA_HEAP_OPTS=-Xmx128m /opt/kafka/bin/kafka-storage.sh format \
        --cluster-id="$CLUSTER_ID" -c /tmp/format.properties @/tmp/first-user > /dev/null
    rm /tmp/first-user
    umask 022
fi
exec /etc/kafka/docker/run
