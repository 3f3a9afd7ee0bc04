"""What a queue for other machines costs: `python3 -m Benchmarks.work_queue throughput|scaling`.

Starts a PostgreSQL of Debian in a temporary folder, with the settings that the server has by default but for the number
of connections, and runs `queue-benchmark` with it, which is built by
`VIGNETTE_BENCHMARKS=1 swift build -c release --product queue-benchmark`.
"""

import argparse
import glob
import os
import subprocess
import tempfile


def server(*command: str) -> None:
    """Runs one of the server's programs, which refuse to run as root."""
    account = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run([*account, *command], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["throughput", "scaling"])
    parser.add_argument("--program", default=".build/release/queue-benchmark")
    parser.add_argument("--pictures", type=int, default=3000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--edge", type=int, default=336)
    parser.add_argument("--seconds", type=float, default=10, help="that a picture takes a worker")
    parser.add_argument("--minutes", type=float, default=1)
    arguments = parser.parse_args()
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", folder], check=True)
        data = f"{folder}/data"
        server(f"{programs}/initdb", "-D", data, "-U", "postgres", "-A", "trust")
        with open(f"{data}/postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nmax_connections = 1200\n")
        server(f"{programs}/pg_ctl", "-D", data, "-l", f"{data}/log", "-w", "start")
        try:
            address = f"host={folder} user=postgres dbname=postgres"
            if arguments.what == "throughput":
                numbers = [arguments.pictures, arguments.workers or 2, arguments.edge]
            else:
                numbers = [arguments.workers or 1000, arguments.seconds, arguments.minutes, arguments.edge]
            subprocess.run([arguments.program, arguments.what, address, *map(str, numbers)], check=True)
        finally:
            server(f"{programs}/pg_ctl", "-D", data, "-m", "immediate", "stop")


if __name__ == "__main__":
    main()
