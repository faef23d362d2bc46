"""Whichever slice is imported first can be: none needs another one to have been imported before it."""

import pkgutil
import subprocess
import sys

import services

# What slices stand on is imported once; each slice, with all that is in it, by a fork that knows nothing of a service.
_IMPORT_EACH = """
import os, pkgutil, sys
from importlib import import_module
import chassis.running.service, contracts, holidays
for name in sys.argv[1:]:
    if not os.fork():
        for module in pkgutil.iter_modules(import_module(name).__path__, f"{name}."):
            import_module(module.name)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(name)
"""


def test_each_slice_can_be_imported_before_all_others() -> None:
    slices = [
        f"services.{service.name}.{module.name}"
        for service in pkgutil.iter_modules(services.__path__)
        for module in pkgutil.iter_modules([f"{services.__path__[0]}/{service.name}"])
        if module.ispkg
    ]
    assert "services.intake.privacy" in slices
    ran = subprocess.run([sys.executable, "-c", _IMPORT_EACH, *slices], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
