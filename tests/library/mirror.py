"""A server of the archive that breaks off, stalls, corrupts, dawdles and lies."""

import http.server


class Mirror(http.server.BaseHTTPRequestHandler):
    """Serves the archive; the first word of the path says how badly."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        body, manner = self.server.archive, self.path.strip("/").split("/")[0]
        self.server.requests.append((manner, self.headers.get("Range")))
        if manner == "gone":
            return self.send_error(404)
        if manner == "elsewhere":
            return self.redirect("file:///etc/hostname")
        if manner == "moved":
            return self.redirect("/good")
        if manner == "corrupt":
            body = body[:1000] + bytes([body[1000] ^ 1]) + body[1001:]
        if manner == "other":
            body = b"<html>please log in to the network</html>"
        start = self.start(manner)
        if start >= len(body):
            return self.send_error(416)
        self.head(manner, start, len(body))
        self.send(manner, body[start:])

    def start(self, manner):
        wanted = self.headers.get("Range")
        ignore = wanted is None or manner == "norange"
        return 0 if ignore else int(wanted.removeprefix("bytes=").rstrip("-"))

    def head(self, manner, start, length):
        self.send_response(206 if start else 200)
        if start:
            shift = 7 if manner == "shifted" else 0
            self.send_header("Content-Range", f"bytes {start + shift}-{length - 1}/{length}")
        if manner not in ("nolength", "endless"):
            self.send_header("Content-Length", str(length - start))
        self.end_headers()

    def send(self, manner, body):
        if manner in ("drop", "norange", "stall", "shifted"):
            first = manner != "norange" or len(self.server.requests) == 1
            self.wfile.write(body[: self.server.piece] if first else body)
            if manner == "stall":
                self.server.release.wait(5)
        elif manner == "dead":
            self.server.release.wait(5)
        elif manner == "slow":
            while body and not self.server.release.wait(0.02):
                self.wfile.write(body[:200])
                body = body[200:]
        elif manner == "endless":
            while not self.server.release.is_set():
                self.wfile.write(bytes(1 << 16))
        else:
            self.wfile.write(body)

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # the client hung up, as it should
