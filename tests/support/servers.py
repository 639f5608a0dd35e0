"""A real HTTP server on this machine that misbehaves in known ways."""

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

CONTENT = bytes(range(256)) * 400


class Handler(BaseHTTPRequestHandler):
    """What a path names is what happens; *_once happens to the first request alone."""

    def do_GET(self):
        self.server.asked.append(self.path)
        name = self.path.strip("/")
        if name == "missing" or (name == "busy_once" and len(self.server.asked) == 1):
            self.send_error(404 if name == "missing" else 503)
            return
        if name == "broken":
            self.send_error(500)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        half = name == "half" or (name == "half_once" and len(self.server.asked) == 1)
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if half else CONTENT)

    def log_message(self, *_):
        pass


@contextmanager
def running_server():
    """Serve on a free port of the loopback interface; ``asked`` lists the paths asked for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        server.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
