"""Sign-in by OpenID Connect for the pages of staff, and the session that a browser keeps, sealed, and nobody else."""

from services.reporting.signin import api, readers
from services.reporting.signin.signing import SignIn

__all__ = ["SignIn", "api", "readers"]
