"""The interface's own pages: /docs, Swagger UI over /openapi.json.

Its files come from a package that is locked with the others, so that no script from elsewhere runs where operators
paste their tokens.
"""

from pathlib import Path
from typing import Literal

import fastapi_swagger
from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

FILES = Path(fastapi_swagger.__file__).parent / "resources"
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""What the page may load: it has its own call of the script in it."""


def docs_router(title: str) -> APIRouter:
    """Serve the page and its files, by addresses that hold under a proxy's path, too."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def page() -> HTMLResponse:
        written = get_swagger_ui_html(
            openapi_url="openapi.json",
            title=title,
            swagger_js_url="docs/swagger-ui-bundle.js",
            swagger_css_url="docs/swagger-ui.css",
            swagger_favicon_url="docs/favicon-32x32.png",
        )
        return HTMLResponse(bytes(written.body), headers={"Content-Security-Policy": POLICY})

    @router.get("/docs/{name}")
    async def file(name: Literal["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"]) -> FileResponse:
        return FileResponse(FILES / name)

    return router
