"""The decoding child and its protocol, as in Sources/MediaDecoding/DecoderRequest.swift and DecoderReply.swift."""

import json
import select
import socket
import struct
import subprocess
import time

PROBE, STILL, FRAMES = 1, 2, 3
DIED, A_PROBE, A_PICTURE, AN_END = 0, 1, 2, 3


class Decoder:
    """A child that is started when it is first asked, and again when it has died."""

    def __init__(self, path, seconds=60):
        self.path, self.seconds, self.process = path, seconds, None

    def probe(self, path):
        """What the file is; or `None` and the reason."""
        for tag, content in self._answers(PROBE, path):
            if tag == A_PROBE:
                return json.loads(content), None
            return None, self._reason(tag, content)

    def still(self, path):
        """Edges and pixels; or `None` and the reason."""
        for tag, content in self._answers(STILL, path):
            if tag == A_PICTURE:
                return self._picture(content)[1:], None
            return None, self._reason(tag, content)

    def frames(self, path, keep):
        """Calls `keep` with (second, (width, height), pixels) of each sampled frame; why it ended early, or `None`."""
        for tag, content in self._answers(FRAMES, path):
            if tag == A_PICTURE:
                keep(*self._picture(content))
            elif tag != AN_END:
                return self._reason(tag, content)
        return None

    def close(self):
        if self.process is not None:
            self.socket.close()
            self.process.kill()
            self.process.wait()
            self.process = None

    @staticmethod
    def _picture(content):
        width, height, second = struct.unpack("<IId", content[:16])
        return second, (width, height), content[16:]

    @staticmethod
    def _reason(tag, content):
        return "DIED: " * (tag == DIED) + content[:300].decode(errors="replace")

    def _answers(self, kind, path):
        """Each answer's tag and content; the tag is DIED if the child died or did not answer in time."""
        if self.process is None:
            ours, theirs = socket.socketpair()
            self.process = subprocess.Popen(
                [self.path, "--serve", "frames=120"], stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, env={})
            theirs.close()
            self.socket = ours
        request = struct.pack("<IBII", 9, kind, 0, 0)
        self.deadline = time.monotonic() + self.seconds
        try:
            with open(path, "rb") as file:
                sent = socket.send_fds(self.socket, [request], [file.fileno()])
            self.socket.sendall(request[sent:])
            while True:
                tag, count = struct.unpack("<BI", self._read(5))
                yield tag, self._read(count)
                if kind != FRAMES or tag != A_PICTURE:
                    return
        except (OSError, EOFError) as error:
            self.close()
            yield DIED, str(error).encode()

    def _read(self, count):
        parts = bytearray()
        while len(parts) < count:
            left = self.deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise EOFError(f"no answer within {self.seconds} s")
            piece = self.socket.recv(min(count - len(parts), 1 << 20))
            if not piece:
                raise EOFError("the decoder ended")
            parts += piece
        return bytes(parts)
