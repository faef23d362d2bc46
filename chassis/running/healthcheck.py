"""`python -m chassis.running.healthcheck`: asks this container's process whether it is ready; exits 0 or 1.

It runs every few seconds in every container, so it loads no HTTP library.
"""

import os
import socket
import sys


def main() -> int:
    port = int(os.environ.get("JOBPLUS_HEALTH_PORT", "8001"))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=4) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            answer = b""
            while part := connection.recv(65536):
                answer += part
    except OSError as error:
        print(f"not ready: {error}", file=sys.stderr)
        return 1
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] == [b"200"]:
        return 0
    print(f"not ready: {body.decode('utf-8', 'replace')}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
