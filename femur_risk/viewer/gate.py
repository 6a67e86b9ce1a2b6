"""Who may speak to the server: whoever has the token, on this machine, from its own page."""

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler
    from aiohttp.web import Application, Request, StreamResponse

__all__ = ["Gate"]

_PAGE = "/index.html"
_HOSTS = ("127.0.0.1", "localhost")
_HEADERS = {
    # the page compiles its templates, and loads nothing from elsewhere
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' "
    "'unsafe-eval' blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob: {ws}; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Gate:
    """A token, and the middleware that refuses every request without it.

    The first visit brings the token in its address; a cookie holds it from then on, and the
    address is left for one without it, so that it stays out of the history and of referrers.

    Attributes
    ----------
    token : str
        Random, 256 bits.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)

    def address(self, port: int) -> str:
        """Return the address of the first visit."""
        return f"http://127.0.0.1:{port}/?token={self.token}"

    def guard(self, application: "Application") -> None:
        """Let every request to an application that has not started pass here first."""
        from aiohttp import web

        @web.middleware
        async def check(request: "Request", handler: "Handler") -> "StreamResponse":
            port = _port_of(request)
            _check_origin(request, port)
            _check_path(request)
            if "token" in request.query:
                self._check_token(request.query["token"])
                return self._admitted(port)
            self._check_token(request.cookies.get(_cookie(port), ""))
            if request.query_string:  # it could point the page to another server
                raise web.HTTPFound(request.path)
            return await handler(request)

        async def head(request: "Request", response: "StreamResponse") -> None:
            ws = f"ws://{request.host}"
            for name, value in _HEADERS.items():
                response.headers[name] = value.format(ws=ws)

        application.middlewares.append(check)
        application.on_response_prepare.append(head)

    def _check_token(self, token: str) -> None:
        from aiohttp import web

        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise web.HTTPForbidden(text="The address with the token is needed.")

    def _admitted(self, port: int) -> "StreamResponse":
        from aiohttp import web

        response = web.Response(status=302, headers={"Location": _PAGE})
        response.set_cookie(_cookie(port), self.token, httponly=True, samesite="Strict", path="/")
        return response


def _cookie(port: int) -> str:
    return f"femur-fea-{port}"  # cookies do not tell ports apart


def _port_of(request: "Request") -> int:
    """Return the port that the request came to."""
    from aiohttp import web

    if request.transport is None:
        raise web.HTTPForbidden(text="The connection has ended.")
    return int(request.transport.get_extra_info("sockname")[1])


def _check_origin(request: "Request", port: int) -> None:
    """Refuse a name that was made to point here, and pages of other servers."""
    from aiohttp import web

    if request.headers.get("Host") not in [f"{host}:{port}" for host in _HOSTS]:
        raise web.HTTPForbidden(text="Only 127.0.0.1 and localhost are served.")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in [f"http://{host}:{port}" for host in _HOSTS]:
        raise web.HTTPForbidden(text="Only the page of this server is served.")


def _check_path(request: "Request") -> None:
    """Refuse a path that leads out of where files lie, however it is written."""
    from aiohttp import web

    path = request.raw_path.split("?")[0]
    for _ in range(3):
        if ".." in path.replace("\\", "/").split("/") or "\0" in path:
            raise web.HTTPForbidden(text="No such path is served.")
        path = unquote(path)
