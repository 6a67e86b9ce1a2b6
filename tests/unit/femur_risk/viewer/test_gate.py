"""Whom the viewer answers: only who has its token, by its own name, from its own page."""

import http.client
from typing import Any

import pytest

WRONG = "A" * 43


def ask(served: Any, path: str, method: str = "GET", **headers: str) -> Any:
    """Return the answer to a request whose path goes out as it is written here."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def cookie(served: Any, token: str | None = None) -> str:
    return f"femur-fea-{served.port}={token or served.token}"


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_the_first_visit_turns_the_token_into_a_cookie_that_no_script_and_no_other_site_reads(
    served: Any,
) -> None:
    answer = ask(served, f"/?token={served.token}")
    assert (answer.status, answer.headers["Location"]) == (302, "/index.html")
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith(cookie(served))
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(kept.split("; "))


@pytest.mark.parametrize("path", ["/", "/index.html", "/ws", "/vue.global.js", "/no-such-file"])
def test_nothing_is_served_without_the_token(served: Any, path: str) -> None:
    assert ask(served, path).status == 403
    assert ask(served, path, Cookie=cookie(served, WRONG)).status == 403
    assert ask(served, f"{path}?token={WRONG}").status == 403


@pytest.mark.parametrize("token", ["", "%C3%A9", "%00"])
def test_an_odd_token_is_refused(served: Any, token: str) -> None:
    assert ask(served, f"/?token={token}").status == 403


def test_the_page_is_served_with_the_cookie_and_may_load_nothing_from_elsewhere(
    served: Any,
) -> None:
    answer = ask(served, "/index.html", Cookie=cookie(served))
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_socket_opens_with_the_cookie_and_only_for_the_own_page(served: Any) -> None:
    own = {"Cookie": cookie(served), "Origin": f"http://127.0.0.1:{served.port}"}
    assert ask(served, "/ws", **UPGRADE, **own).status == 101
    assert ask(served, "/ws", **UPGRADE).status == 403
    foreign = {**own, "Origin": "http://evil.example"}
    assert ask(served, "/ws", **UPGRADE, **foreign).status == 403
    neighbour = {**own, "Origin": "http://127.0.0.1:1"}
    assert ask(served, "/ws", **UPGRADE, **neighbour).status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example", ""])
def test_a_name_that_was_pointed_here_is_refused(served: Any, host: str) -> None:
    named = f"{host}:{served.port}" if "evil" in host else host
    assert ask(served, "/index.html", Cookie=cookie(served), Host=named).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../../../etc/passwd",
        "/assets/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%252e%252e/etc/passwd",
        "/..%5c..%5cetc/passwd",
        "/assets/%2e%2e%2f%2e%2e%2fmanifest.json",
    ],
)
def test_no_path_leads_out_of_the_page(served: Any, path: str) -> None:
    assert ask(served, path, Cookie=cookie(served)).status == 403


@pytest.mark.parametrize(
    "path", ["//etc/passwd", "/etc/passwd", "/manifest.json", "/index.html%00"]
)
def test_files_of_run_and_machine_are_not_served(served: Any, path: str) -> None:
    assert ask(served, path, Cookie=cookie(served)).status in (400, 403, 404)


def test_a_query_that_could_point_the_page_to_another_server_is_dropped(served: Any) -> None:
    answer = ask(served, "/index.html?sessionURL=ws://evil.example/ws", Cookie=cookie(served))
    assert (answer.status, answer.headers["Location"]) == (302, "/index.html")
