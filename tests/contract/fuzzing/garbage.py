"""Bytes that are not HTTP: invalid or incomplete."""

from random import Random

_REQUEST = (
    b"POST /battery/device_x HTTP/1.1\r\nHost: %b\r\nx-api-key: sk_test_fuzzing\r\n"
    b"Content-Type: application/json\r\nContent-Length: 31\r\n\r\n"
    b'{"action": {"command": "idle"}}'
)
_LINES = (
    b"Content-Length: -1",
    b"Content-Length: 1e3",
    b"Content-Length: 99999999999999999999999",
    b"Content-Length: 30",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, x",
    b"Content-Encoding: br",
    b"Upgrade: websocket",
    b"Connection: \x00",
    b": nothing",
    b"x y: z",
    b" folded",
    b"long: " + b"x" * 9_000,
)
_STRANGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /battery\r\n\r\n",
    b"get /battery HTTP/1.1\r\n\r\n",
    b"GET  /battery  HTTP/1.1\r\n\r\n",
    b"GET /b\x00ttery HTTP/1.1\r\n\r\n",
    b"GET b\xff HTTP/1.1\r\n\r\n",
    b"GET /battery HTTP/9.9\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\n\r\n",
    b"CONNECT battery:1 HTTP/1.1\r\n\r\n",
    b"BREW /battery HTTP/1.1\r\n\r\n",
    b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n",
    b"GET http://[::1/battery HTTP/1.1\r\n\r\n",
    b"POST /battery/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"POST /battery/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    b"POST /battery/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
    b"\r\n\r\n\r\n",
    b"",
)


def garbage(seed: str, index: int, host: str) -> bytes:
    """Return the bytes of an index: a request cut short, with a changed byte or an added line, or random bytes."""
    request = _REQUEST % host.encode()
    random = Random(f"{seed}/garbage/{index}")  # noqa: S311  chance that can be repeated is what is wanted
    head, _, body = request.partition(b"\r\n\r\n")
    at = random.randrange(len(request) - 1)
    broken_at = random.randrange(len(head.partition(b"\r\n")[0]))
    return random.choice(
        (
            request[:at],
            request[:broken_at] + random.choice((b"\x00", b"\r", b"\n", b"\xff\x00")) + request[broken_at:],
            b"\r\n".join((head, random.choice(_LINES), b"", body)),
            random.choice(_STRANGE),
            random.randbytes(random.randint(1, 2_000)),
        )
    )
