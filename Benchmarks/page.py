"""Times the page on a large library: `python3 -m Benchmarks.page FILE --program .build/release/vignette`.

FILE is a catalogue of a million assets (`python3 -m Benchmarks.make_catalogue FILE --upgrade PROGRAM`), whose files are
not there: its pictures are shown by their colours alone. It is changed: its moments, all one, are spread over twenty years, a
dozen assets lose theirs, a fifth gets a place, and those of the last year colours. Parts, each by its name or all of them:

    pages     milliseconds to the HTML of the first page and of every month; the server's memory
    scroll    a minute's scrolling in Chromium: memory of browser and server, and requests left running
    load      wrk with 64 connections for a minute, over pages of FILE and over small pictures that are made, beside a
              daemon that describes: errors, memory, and how much slower it describes
    small     40 small pictures of JPEGs of 12 megapixels over six connections: not yet made, made, and made ahead
    rest      how often the daemon and the server wake in half a minute, with the page of the state open in Chromium

Needs chromium, chromium-driver and wrk. Nothing else should run. Files go to a temporary folder (`TMPDIR`).
"""

import argparse
import concurrent.futures
import http.client
import json
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from Benchmarks.large_catalogue import SAMPLES, spread_copies

SECONDS = 60
MODEL = Path(__file__).parent.parent / "Models" / "photographs"


def memory(process: int) -> float:
    """The MiB of a process that are in memory and its own (`Pss`, so that what browsers share counts once)."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) / 1024


def family(process: int) -> list[int]:
    """A process and all that it has started."""
    children = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True).stdout.split()
    return [process] + [each for child in children for each in family(int(child))]


def spread(catalogue: Path) -> None:
    """Gives a catalogue's assets moments, places and colours of their own, unless that was done."""
    connection = sqlite3.connect(catalogue, timeout=600)
    if connection.execute("SELECT min(taken_at) = max(taken_at) FROM capture").fetchone()[0] != 1:
        return
    connection.execute("""
        UPDATE capture SET
            taken_at = CASE WHEN asset_id % 80000 = 1 THEN NULL
                ELSE strftime('%Y-%m-%dT%H:%M:%S', 1104537600 + asset_id * 7919 % 630720000, 'unixepoch') END,
            latitude = CASE WHEN asset_id % 5 = 0 THEN asset_id * 31 % 1200 / 10.0 - 60 END,
            longitude = CASE WHEN asset_id % 5 = 0 THEN asset_id * 17 % 600 / 10.0 - 30 END""")
    connection.execute("INSERT OR IGNORE INTO undated_asset SELECT asset_id FROM capture WHERE taken_at IS NULL")
    # Version, darkest and brightest cell, fineness, light, glare and colours (`PictureSignature`).
    signature = bytes([2, 20, 230, 0]) + bytes(range(40)) * 40 + bytes(200) + bytes(range(78, 178)) * 2
    connection.execute(
        "INSERT OR IGNORE INTO signature (asset_id, version, bytes) SELECT asset_id, 2, ? FROM capture WHERE taken_at > '2024'",
        [signature])
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


class Server:
    """The page of a catalogue, and somebody who is let in."""

    def __init__(self, program: Path, catalogue: Path, folder: Path) -> None:
        self.environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
        common = ["--catalogue", catalogue]
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", *common], env=self.environment, stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", self.process.stderr.readline())[1])
        link = subprocess.run(
            [program, "open", "--print", "--listen", f"127.0.0.1:{self.port}", *common], env=self.environment,
            check=True, capture_output=True, text=True).stdout.strip()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.cookie = ""
        response, _ = self.get("/" + link.split("/", 3)[3])
        self.cookie = response.headers["Set-Cookie"].split(";")[0]

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        """Asks for an address, and reads the whole answer."""
        try:
            self.connection.request("GET", path, headers={"Cookie": self.cookie})
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server leaves connections on which nothing was asked for a while.
            self.connection.close()
            self.connection.request("GET", path, headers={"Cookie": self.cookie})
            response = self.connection.getresponse()
        return response, response.read()

    def milliseconds(self, path: str) -> float:
        """The time to the last byte of an address."""
        start = time.perf_counter()
        response, _ = self.get(path)
        assert response.status == 200, (path, response.status)
        return (time.perf_counter() - start) * 1000

    def several(self, paths: list[str]) -> None:
        """Asks for some addresses over a connection of their own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for path in paths:
            connection.request("GET", path, headers={"Cookie": self.cookie})
            response = connection.getresponse()
            assert response.status == 200 and response.read(), (path, response.status)
        connection.close()

    def stop(self) -> None:
        """Ends it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def pages(server: Server) -> None:
    """Prints the times of the first page, of every month and of other views."""
    print(f"first page, first time: {server.milliseconds('/'):.0f} ms; the months, counted: {server.milliseconds('/months'):.0f} ms")
    _, months = server.get("/months?part=1")
    places = re.findall(rb'data-at="([^"]+)"', months)
    times = {place.decode(): server.milliseconds(f"/?at={place.decode()}") for place in places}
    slowest = max(times, key=times.get)
    print(f"{len(times)} jumps to years, months and what has no date: median {statistics.median(times.values()):.0f} ms,"
          f" slowest {times[slowest]:.0f} ms ({slowest})")
    for path in ["/", "/search?q=lighthouse", "/search?q=in:2019&by=date", "/browse", "/browse/places", "/pictures/500000", "/status"]:
        print(f"{path}: {min(server.milliseconds(path) for _ in range(5)):.0f} ms")
    print(f"memory of the server: {memory(server.process.pid):.0f} MiB")


class Browser:
    """A Chromium with a window of a desk, driven by WebDriver."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
        while not (port := re.search(r"successfully on port (\d+)", self.process.stdout.readline())):
            pass
        self.connection = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=120)
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
                     f"--user-data-dir={folder / 'profile'}"]
        options = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}}
        self.session = f"/session/{self.ask('POST', '/session', {'capabilities': options})['sessionId']}"

    def ask(self, method: str, path: str, body: dict | None = None):
        """One question of the protocol."""
        self.connection.request(method, path, json.dumps(body) if body is not None else None)
        answer = json.loads(self.connection.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(answer["message"])
        return answer

    def open(self, address: str) -> None:
        """Opens an address."""
        self.ask("POST", f"{self.session}/url", {"url": address})

    def enter(self, server: Server, path: str) -> None:
        """Opens an address of a page as somebody who is let in."""
        self.open(f"http://127.0.0.1:{server.port}/nowhere")
        name, value = server.cookie.split("=")
        self.ask("POST", f"{self.session}/cookie", {"cookie": {"name": name, "value": value}})
        self.open(f"http://127.0.0.1:{server.port}{path}")

    def value(self, script: str):
        """What statements return in the page."""
        return self.ask("POST", f"{self.session}/execute/sync", {"script": script, "args": []})

    def close(self) -> None:
        """Ends it."""
        self.ask("DELETE", self.session)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def scroll(server: Server, folder: Path) -> None:
    """Scrolls as fast as a person turns a wheel, and prints what is held and what is left running."""
    browser = Browser(folder)
    browser.enter(server, "/")
    browser.value("""
        window.running = 0;
        const fetched = window.fetch;
        window.fetch = (...all) => { running += 1; return fetched(...all).finally(() => { running -= 1; }); };
    """)
    begin, seen = time.perf_counter(), []
    while (now := time.perf_counter() - begin) < SECONDS:
        browser.value("scrollBy({ top: 900, behavior: 'instant' });")
        time.sleep(0.05)
        if now >= 10 * len(seen):
            seen.append((now, sum(map(memory, family(browser.process.pid))), memory(server.process.pid)))
    shown = browser.value("""
        const items = [...document.querySelectorAll('.grid > li[data-place]')];
        return [document.querySelectorAll('.run').length, items.length, items.at(-1)?.dataset.place, Math.round(scrollY)];
    """)
    time.sleep(2)
    print(f"after {SECONDS} s: {shown[0]} runs, {shown[1]} pictures in the page, at {shown[2]}, {shown[3]:,} pixels down")
    for moment, held, served in seen:
        print(f"  {moment:4.0f} s: browser {held:5.0f} MiB, server {served:4.0f} MiB")
    waiting = browser.value("""
        return [running, [...document.images].filter((image) => image.hasAttribute('src') && !image.complete).length];
    """)
    print(f"requests left running: {waiting[0]} parts, {waiting[1]} pictures", flush=True)
    browser.close()


def describe(program: Path, folder: Path, environment: dict) -> tuple[subprocess.Popen, Path]:
    """Begins to describe many pictures, none of which is another."""
    pictures, catalogue = folder / "pictures", folder / "described.sqlite"
    pictures.mkdir()
    originals = sorted(SAMPLES.glob("*.jpg"))
    for number in range(20_000):
        # A few bytes behind the end are no part of a JPEG's picture; another quantisation is.
        data = bytearray(originals[number % len(originals)].read_bytes())
        place = data.index(b"\xff\xdb") + 5 + number // len(originals) % 60
        data[place] = max(1, (data[place] + 1 + number // 600) % 255)
        (pictures / f"{number:05d}.jpg").write_bytes(data)
    daemon = subprocess.Popen(
        [program, "watch", pictures, "--catalogue", catalogue, "--model", "photographs"], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return daemon, catalogue


def described(catalogue: Path) -> int:
    """How many pictures are described."""
    try:
        connection = sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True, timeout=10)
        return connection.execute("SELECT count(*) FROM description WHERE prompt = 'caption'").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def pressed(server: Server, paths: list[str], folder: Path) -> tuple[str, list[float]]:
    """What wrk says of a minute of requests for some addresses, and the server's memory meanwhile."""
    script = folder / "paths.lua"
    listed = ", ".join(json.dumps(path) for path in paths)
    script.write_text(f"""
        local paths, next = {{ {listed} }}, 0
        wrk.headers["Cookie"] = "{server.cookie}"
        request = function()
            next = next % #paths + 1
            return wrk.format("GET", paths[next])
        end
    """)
    load = subprocess.Popen(
        ["wrk", "-t", "2", "-c", "64", "-d", str(SECONDS), "--timeout", "20", "-s", script,
         f"http://127.0.0.1:{server.port}"], stdout=subprocess.PIPE, text=True)
    held = []
    while load.poll() is None:
        held.append(memory(server.process.pid))
        time.sleep(2)
    return load.stdout.read(), held


def load(program: Path, server: Server, folder: Path) -> None:
    """Prints what wrk says beside a daemon that describes, and how fast that is with and without."""
    daemon, catalogue = describe(program, folder, server.environment)
    own = None
    try:
        while described(catalogue) < 100:
            time.sleep(1)
        own = Server(program, catalogue, folder)
        _, first = own.get("/")
        small = [path.decode() for path in re.findall(rb'/thumbnails/[0-9a-f]+/small', first)][:60]
        for path in small:
            own.get(path)
        before = described(catalogue)
        time.sleep(SECONDS / 2)
        alone = (described(catalogue) - before) / (SECONDS / 2)
        _, months = server.get("/months?part=1")
        jumps = ["/?at=" + place.decode() for place in re.findall(rb'data-at="([0-9-]+)"', months)][:200]
        for name, target, paths in [("pages", server, ["/", "/pictures/5", *jumps]), ("small pictures", own, small)]:
            before, start = described(catalogue), time.perf_counter()
            said, held = pressed(target, paths, folder)
            rate = (described(catalogue) - before) / (time.perf_counter() - start)
            errors = [line.strip() for line in said.splitlines() if "Socket errors" in line or "Non-2xx" in line]
            speed = re.search(r"Requests/sec:\s+([\d.]+)", said)[1]
            print(f"{name}: {float(speed):,.0f} a second, errors: {'; '.join(errors) or 'none'}; server {held[1]:.0f} MiB at first,"
                  f" {max(held):.0f} at most, {held[-1]:.0f} at last; described {rate:.2f} a second beside it, {alone:.2f} alone", flush=True)
    finally:
        if own:
            own.stop()
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()


def switches(process: int) -> int:
    """How often the threads of a process went to sleep so far."""
    texts = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/status")]
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1]) for text in texts)


def rest(program: Path, folder: Path) -> None:
    """Prints the wake-ups of a daemon and a page with nothing to do, one browser looking at the state."""
    pictures, catalogue = folder / "few", folder / "few.sqlite"
    pictures.mkdir()
    shutil.copy(next(SAMPLES.glob("*.jpg")), pictures)
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
    daemon = subprocess.Popen(
        [program, "watch", pictures, "--catalogue", catalogue, "--model", "photographs"], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    daemon.stdout.readline()
    server, browser = Server(program, catalogue, folder), Browser(folder)
    browser.enter(server, "/status")
    # Connections that the browser keeps open without a question are closed after twenty seconds.
    time.sleep(30)
    before = switches(daemon.pid), switches(server.process.pid)
    time.sleep(SECONDS / 2)
    after = switches(daemon.pid), switches(server.process.pid)
    print(f"at rest for {SECONDS // 2} s: the daemon woke {after[0] - before[0]} times, the page {after[1] - before[1]} times", flush=True)
    browser.close()
    server.stop()
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()


def small(program: Path, folder: Path) -> None:
    """Prints how long a screenful of small pictures takes."""
    pictures = folder / "large"
    subprocess.run([sys.executable, "-m", "Benchmarks.make_photos", pictures, "--count", "40"], check=True)
    for ahead in ("false", "true"):
        catalogue, home = folder / f"ahead-{ahead}.sqlite", folder / f"home-{ahead}"
        environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "VIGNETTE_THUMBNAILS_AHEAD": ahead}
        start = time.perf_counter()
        subprocess.run(
            [program, "scan", pictures, "--catalogue", catalogue, "--model", MODEL], check=True, env=environment,
            stdout=subprocess.DEVNULL)
        scanned = time.perf_counter() - start
        server = Server(program, catalogue, home)
        _, page = server.get("/")
        paths = sorted({path.decode() for path in re.findall(rb'/thumbnails/[0-9a-f]+/small', page)})
        times = []
        for _ in range(4):
            start = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(6) as threads:
                list(threads.map(lambda share: server.several(paths[share::6]), range(6)))
            times.append((time.perf_counter() - start) * 1000)
        server.stop()
        print(f"{len(paths)} small pictures, {'made ahead' if ahead == 'true' else 'not yet made'}: {times[0]:.0f} ms;"
              f" made: {min(times[1:]):.0f} ms; the scan took {scanned:.1f} s", flush=True)


def main() -> None:
    """Runs the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("parts", nargs="*", choices=["pages", "scroll", "small", "rest", "load", []], default=[])
    parser.add_argument("--program", type=Path, default=Path(".build/release/vignette"))
    arguments = parser.parse_args()
    parts = arguments.parts or ["pages", "scroll", "small", "rest", "load"]
    program = arguments.program.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        spread(arguments.file)
        server = Server(program, arguments.file.resolve(), folder)
        try:
            if "pages" in parts:
                pages(server)
            if "scroll" in parts:
                scroll(server, folder)
            if "small" in parts:
                small(program, folder)
            if "rest" in parts:
                rest(program, folder)
            if "load" in parts:
                load(program, server, folder)
        finally:
            server.stop()
            shutil.rmtree(folder / "pictures", ignore_errors=True)


if __name__ == "__main__":
    main()
