"""Requests a second of the route of signals, beside nginx serving the same bytes from a file, on the same machine:
wrk.py PROGRAM [SECONDS]. wrk and nginx come from Debian."""

import http.client
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

from host import EACH_BAR, config, running

SECONDS = sys.argv[2] if len(sys.argv) > 2 else "10"
ROUTE = "/api/v1/signals?limit=50"


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (answer.status, body[:200])
    return body, dict(answer.getheaders())


def measure(what, url):
    for connections in ["1", "32"]:
        command = ["wrk", "-t", "1", "-c", connections, "-d", f"{SECONDS}s", "--latency", url]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
        spread = {name: re.search(rf"{name}%\s+(\S+)", text)[1] for name in ["50", "99"]}
        faults = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        print(
            f"{what}, {connections} connections: {rate:,.0f} requests a second, half within {spread['50']},"
            f" 99 % within {spread['99']}" + (f"; {faults[1]} were no answers" if faults else ""),
            flush=True,
        )


def main(program):
    api = config('api: { listen: "127.0.0.1:0", rate: 10000, burst: 100000 }', every="1s")
    with running(program, api, [EACH_BAR]) as host:
        begin = int(time.time()) // 60 * 60 - 7_200
        for _ in range(300):
            if "evaluate:" in host.log():
                break
            time.sleep(0.1)
        host.price(110, begin)
        for _ in range(300):
            body, headers = ask(host.port, ROUTE)
            if len(json.loads(body)["signals"]) == 50:
                break
            time.sleep(0.2)
        print(f"{ROUTE}: {len(body)} bytes, {len(json.loads(body)['signals'])} signals")
        # Quiet, but for what is measured.
        connection = http.client.HTTPConnection("127.0.0.1", host.port)
        connection.request("POST", "/api/v1/schedule/evaluate/pause")
        connection.getresponse().read()
        measure("finstage", f"http://127.0.0.1:{host.port}{ROUTE}")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            folder.chmod(0o755)
            (folder / "signals").write_bytes(body)
            kept = ["Content-Security-Policy", "X-Content-Type-Options", "ETag", "Cache-Control", "Referrer-Policy"]
            lines = "\n".join(f'add_header {key} "{headers[key]}";'.replace('""', '"') for key in kept if key in headers and '"' not in headers[key])
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            (folder / "nginx.conf").write_text(
                f"""pid {folder}/pid; error_log {folder}/log; worker_processes 1; daemon off;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000; sendfile on; default_type application/json;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}; {lines} try_files /signals =404; }} }}
}}
"""
            )
            nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
            try:
                for _ in range(50):
                    try:
                        same, _ = ask(port, "/")
                        break
                    except OSError:
                        time.sleep(0.1)
                assert same == body
                measure("nginx, from a file", f"http://127.0.0.1:{port}/")
            finally:
                nginx.terminate()
                nginx.wait(10)


main(pathlib.Path(sys.argv[1]))
