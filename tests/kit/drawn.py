"""`python -m tests.kit.drawn`: prints what is drawn by chance in each of the ways that services use."""

import random
import secrets
import sys
import time

import uuid_utils.compat as uuids

print(str(uuids.uuid7())[-12:], random.random(), secrets.token_hex(8), flush=True)
if sys.argv[1:] == ["wait"]:
    time.sleep(60)
