"""What an idle host costs, and how it answers probes while thousands are connected who say nothing:
idle.py PROGRAM [CONNECTIONS] [SECONDS]."""

import http.client
import pathlib
import resource
import socket
import sys
import time

from host import ROOT, config, running

CONNECTIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 20


def show(what, host):
    now = host.status()
    print(
        f"{what}: {now['VmRSS'] / 1e6:.1f} MB resident ({now['RssAnon'] / 1e6:.1f} of its own,"
        f" {now['RssFile'] / 1e6:.1f} of files), at most {now['VmHWM'] / 1e6:.1f}; {now['threads']} threads",
        flush=True,
    )


def probes(port, count):
    """Milliseconds that probes took, each with a connection of its own."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/health/live")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        connection.close()
        times.append((time.perf_counter() - began) * 1_000)
    return times


def shown(all):
    times = sorted(all)
    return f"first {all[0]:.1f} ms, median {times[len(times) // 2]:.1f} ms, 99 % {times[len(times) * 99 // 100]:.1f} ms, longest {times[-1]:.1f} ms"


def main(program):
    shipped = sorted(path for path in (ROOT / "strategies").rglob("*.yaml") if path.parent.name != "alerts")
    few = [path for path in shipped if path.stem in ["ma20-breakout", "rsi-bounce"]]
    for what, strategies in [("two strategies", few), (f"{len(shipped)} strategies", shipped)]:
        with running(program, config('api: { listen: "127.0.0.1:0" }'), strategies) as host:
            time.sleep(SECONDS)
            probes(host.port, 5)
            show(f"{what}, {SECONDS} s after the start", host)

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    count = min(CONNECTIONS, limit - 200)
    api = f'api: {{ listen: "127.0.0.1:0", connections: {count + 0 if count >= 8 else 8}, rate: 10000, burst: 100000 }}'
    with running(program, config(api), few) as host:
        print(f"nobody connected: {shown(probes(host.port, 200))}", flush=True)
        idle = []
        began = time.perf_counter()
        for number in range(count):
            client = socket.socket()
            # More than one address on each side, so that ports do not run out.
            client.bind((f"127.0.0.{2 + number % 8}", 0))
            client.connect(("127.0.0.1", host.port))
            idle.append(client)
        print(f"{len(idle)} connected in {time.perf_counter() - began:.1f} s", flush=True)
        print(f"{len(idle)} connected: {shown(probes(host.port, 200))}", flush=True)
        show(f"{len(idle)} connected", host)
        for client in idle:
            client.close()


main(pathlib.Path(sys.argv[1]))
