"""`salesbrief serve`: the web pages of a workspace."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsOf, Data, StoreUrl, as_of_day
from tools.errors import InputError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    data: Data,
    host: Annotated[str, typer.Option("--host", help="The address to serve at; others need accounts.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8080,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="A LangChain model string, as openai:gpt-5; default: $SALESBRIEF_MODEL, else no model."
        ),
    ] = None,
    store: StoreUrl = None,
    as_of: AsOf = None,
    insecure_cookies: Annotated[
        bool,
        typer.Option("--insecure-cookies", help="Allow sign-in over plain HTTP, for a trial on a trusted network."),
    ] = False,
) -> None:
    """Serve the chat page, drafts and reports to browsers. Without accounts: to the person at this machine only."""
    import socket
    import sys
    from contextlib import suppress

    import uvicorn

    from agent.cli.drafts import checks_review
    from agent.web.app import build_app
    from agent.web.open import open_site

    if as_of is not None:
        as_of_day(as_of)
    site = open_site(
        data, today=lambda: as_of_day(as_of), model=model, store=store, checks=checks_review,
        secure=host not in _LOOPBACK and not insecure_cookies, alone=host in _LOOPBACK,
    )  # fmt: skip
    alone = not site.door.accounts.any()
    if alone and host not in _LOOPBACK:
        raise InputError(
            f"Without accounts, salesbrief serves this machine only, not {host}; make an account for everybody who is "
            "to sign in with `salesbrief users add`, or leave --host out."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(256)
    except OSError as error:
        opened.close()
        raise InputError(
            f"{host} port {port} cannot be served at ({error.strerror or error}); give another with --port."
        ) from None
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{opened.getsockname()[1]}/"
    who = "for you alone, without signing in" if alone else "for everybody who has an account"
    # Drafts are written in threads: a page must not wait long for its turn among them.
    sys.setswitchinterval(0.0003)
    config = uvicorn.Config(
        build_app(site), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
    )  # fmt: skip
    written = model or site.office.model
    # Whoever reads the address may stop it at once, before the server listens for that itself.
    with suppress(KeyboardInterrupt):
        print(f"salesbrief is at {address} {who}. Ctrl-C stops it.", flush=True)
        print(
            f"Prose is written by {written}." if written else "It works without a language model; --model names one.",
            file=sys.stderr,
        )
        uvicorn.Server(config).run(sockets=[opened])
    print("Stopped; what was kept is kept.", file=sys.stderr)
