"""The server of the page: on the loopback interface alone, behind a gate."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from femur_risk.opened import ViewedRun
from femur_risk.viewer.gate import Gate
from femur_risk.viewer.page import lay_out
from femur_risk.viewer.session import Session

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

__all__ = ["serve"]

_HOST = "127.0.0.1"
_CHOSEN = (
    "load",
    "subject",
    "field",
    "deformation",
    "threshold",
    "cut_axis",
    "cut_position",
    "opacity",
    "lesion",
    "site",
    "slices",
    "cursor",
    "beneath",
    "overlay",
)


def serve(runs: Sequence[ViewedRun], *, port: int, ready: Callable[[str], None]) -> None:
    """Serve one run, or two beside each other, until the process is interrupted.

    Parameters
    ----------
    runs : sequence of ViewedRun
        The runs, from left to right.
    port : int
        Port on the loopback interface; 0 for any free one.
    ready : callable
        Called once with the address of the page, which holds the token.

    Raises
    ------
    InputError
        If two runs have no load in common.
    """
    # the libraries look here: ours are the only arguments, and only we write to the terminal
    os.environ.update(TRAME_ARGS="--no-ws-compress", WSLINK_READY_MSG="")
    gate = Gate()
    server = _application(runs)
    server.controller.on_server_bind.add(lambda web: _open_gate(web.app, gate))
    server.controller.on_server_ready.add(lambda **_: ready(gate.address(server.port)))
    asyncio.run(_started(server, port))


async def _started(server: Any, port: int) -> None:
    await server.start(
        exec_mode="coroutine",
        host=_HOST,
        port=port,
        timeout=0,
        thread=True,  # leaves signals to us
        open_browser=False,
        show_connection_info=False,
    )


def _application(runs: Sequence[ViewedRun]) -> Any:
    """Return a trame server whose page shows some runs."""
    from trame.app import get_server

    server = get_server("femur-fea", client_type="vue3")
    session = Session(runs)
    server.state.update({**session.first_page(), **session.shown})
    server.state.trame__title = "femur-fea"

    def show(**state: Any) -> None:
        server.state.update(session.show(state))
        for view in views:
            view.update()

    def look(name: str) -> None:
        session.look(name)
        for view in views:
            view.push_camera()

    def pick(event: Any) -> None:
        if event and "worldPosition" in event:
            server.state.readings, server.state.cursor = session.pick(event["worldPosition"])

    def aim(axis: Any, across: Any, down: Any) -> None:
        server.state.readings, server.state.cursor = session.aim(axis, across, down)

    windows = [window.vtk for window in session.windows]
    views = lay_out(server, windows, look=look, pick=pick, aim=aim)
    server.state.change(*_CHOSEN)(show)
    return server


def _open_gate(application: Any, gate: Gate) -> None:
    """Guard an application, and tell its page where its socket is."""
    from aiohttp import web

    async def session(request: "Request") -> "Response":
        return web.json_response({"sessionURL": f"ws://{request.host}/ws"})

    gate.guard(application)
    application.router.add_post("/paraview/", session)
