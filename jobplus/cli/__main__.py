"""python -m jobplus.cli"""

from jobplus.cli import app

app()
