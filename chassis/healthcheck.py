"""`python -m chassis.healthcheck`: asks this container's process whether it is ready; exits 0 or 1."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen


def main() -> int:
    port = os.environ.get("JOBPLUS_HTTP_PORT", "8000")
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except (URLError, OSError) as error:
        print(f"not ready: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
