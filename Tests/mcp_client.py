"""The protocol's own Python client (PyPI `mcp`) as the other side of `vignette mcp`.

    python Tests/mcp_client.py PROGRAM [ARGUMENT…]

starts `PROGRAM mcp ARGUMENT…` and lists, calls, cancels, makes mistakes and sends 1,000 random and hostile messages. The
catalogue must hold at least one picture. Exit status 0 when all holds, 77 where the client is not installed.
"""

import base64
import json
import os
import random
import sqlite3
import subprocess
import sys

try:
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
except ImportError:
    print("skipped: there is no Python package 'mcp' here")
    sys.exit(77)

TOOLS = {"search", "show", "similar", "moments", "ask"}


async def fault(call) -> int | None:
    """The number of the fault that a call ends with."""
    try:
        await call
    except Exception as error:
        inner = getattr(error, "error", error)
        return getattr(inner, "code", None)
    return None


def check(holds: bool, what: str) -> None:
    """Says what holds, and ends with what does not."""
    print(("ok     " if holds else "FAILED ") + what, flush=True)
    if not holds:
        sys.exit(1)


def value(result, name: str):
    """A member whose name the client's versions spell differently."""
    snake = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
    return getattr(result, name, None) if hasattr(result, name) else getattr(result, snake)


async def converse(program: str, arguments: list[str]) -> None:
    """Every kind of request, as an assistant makes them."""
    server = StdioServerParameters(command=program, args=["mcp", *arguments], env=dict(os.environ))
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        greeting = await session.initialize()
        check(value(greeting, "protocolVersion") == "2025-06-18", "a version is agreed upon")
        tools = (await session.list_tools()).tools
        check({tool.name for tool in tools} == TOOLS, "every tool is listed")
        templates = await session.list_resource_templates()
        check(len(value(templates, "resourceTemplates")) == 1, "thumbnails are listed")
        resources = (await session.list_resources()).resources
        check(all(str(one.uri).startswith("vignette://thumbnail/") for one in resources), "resources are listed")
        check(len(resources) > 0, "every picture is one of them")
        await session.send_ping()

        # The client checks each structured result against the tool's schema itself.
        found = value(await session.call_tool("search", {"query": ""}), "structuredContent")
        check(len(found["results"]) > 0, "search finds pictures")
        first = found["results"][0]
        path = first["path"]
        shown = value(await session.call_tool("show", {"paths": [path]}), "structuredContent")
        check(shown["files"][0]["path"] == path, "show tells of one")
        await session.call_tool("similar", {"paths": [path], "limit": 3})
        await session.call_tool("moments", {"query": "a boat"})
        asked = await session.call_tool("ask", {"paths": [path], "question": "What is in the picture?"})
        check(bool(value(asked, "structuredContent")["answer"]), "ask answers")
        small = (await session.read_resource(first["thumbnail"])).contents[0]
        check(base64.b64decode(small.blob).startswith(b"\xff\xd8"), "a thumbnail is a JPEG")

        strange = await session.call_tool("similar", {"paths": ["/etc/passwd"]})
        check(value(strange, "isError"), "a file outside of the catalogue is a failure of the tool")
        check(await fault(session.call_tool("remove", {})) == -32602, "there is no other tool")
        check(await fault(session.call_tool("search", {"query": 1})) == -32602, "arguments are checked")
        check(await fault(session.read_resource("vignette://thumbnail/999999")) == -32002, "no other resource")

        # As many pictures as are taken, so that it is still at work when it is cancelled.
        question = {"paths": [path] * 64, "question": "What is in the picture?"}
        with anyio.move_on_after(0.1) as scope:
            await session.call_tool("ask", question)
        check(scope.cancelled_caught, "a question is cancelled")
        # It stops at its next step, after which another is taken.
        for _ in range(200):
            again = await session.call_tool("ask", {"paths": [path], "question": "What is it?"})
            if not value(again, "isError"):
                break
            await anyio.sleep(0.05)
        check(not value(again, "isError"), "another is answered then")


def hostile(program: str, arguments: list[str]) -> None:
    """1,000 random and hostile lines: no crash, no id that is answered twice, nothing but protocol."""
    chance = random.Random(20)
    hello = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": "2025-06-18"}}
    lines = [json.dumps(hello).encode()]
    for number in range(1000):
        call = {"name": chance.choice(sorted(TOOLS - {"ask"})), "arguments": {"query": "boat", "limit": 2}}
        request = {"jsonrpc": "2.0", "id": f"{number}-{chance.random()}", "method": "tools/call", "params": call}
        kind = number % 5
        if kind == 1:
            request[chance.choice(["jsonrpc", "method", "params"])] = chance.choice([None, [], {}, -1, 1e308, "x" * 10_000, True])
        line = json.dumps(request).encode()
        if kind == 2:
            line = line[: chance.randrange(len(line))]
        elif kind == 3:
            line = bytes(chance.choice([byte, chance.randrange(256)]) if chance.random() < 0.05 else byte for byte in line)
        elif kind == 4:
            depth = 10_000
            line = chance.choice([b"[" * depth, b'{"a":' * depth, b"x" * (1 << 21), b"\xff\xfe\x00", b""])
        lines.append(line.replace(b"\n", b" "))
    lines.append(b'{"jsonrpc":"2.0","id":"z","method":"ping"}')
    ended = subprocess.run(
        [program, "mcp", *arguments], input=b"\n".join(lines) + b"\n", capture_output=True, timeout=300
    )
    check(ended.returncode == 0, f"1,000 hostile messages end it cleanly ({ended.returncode})")
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    ids = [json.dumps(answer["id"]) for answer in answers if answer["id"] is not None]
    check('"z"' in ids, "the last is still answered")
    check(len(ids) == len(set(ids)) and len(ids) > 300, f"no request is answered twice, {len(ids)} once")


def main() -> None:
    program, *arguments = sys.argv[1:]
    catalogue = arguments[arguments.index("--catalogue") + 1] if "--catalogue" in arguments else None
    watcher = sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True) if catalogue else None
    before = watcher.execute("PRAGMA data_version").fetchone() if watcher else None
    bytes_before = open(catalogue, "rb").read() if catalogue else None
    anyio.run(converse, program, arguments)
    hostile(program, arguments)
    if watcher:
        check(watcher.execute("PRAGMA data_version").fetchone() == before, "the data version is the same")
        check(open(catalogue, "rb").read() == bytes_before, "the catalogue's bytes are the same")


main()
