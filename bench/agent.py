#!/usr/bin/env python3
"""Asks the Kata daemon for images as the agent of a guest does, all at once over one connection (ttrpc).

usage: agent.py SOCKET BUNDLES COUNT IMAGE...

COUNT pulls, each of one of the images in turn, into BUNDLES/0, BUNDLES/1 and so on. Prints what failed; ends with 1 when
something did, or the daemon is gone.
"""
import socket, struct, sys

def varint(n):
    out = b''
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])

def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data

def exactly(count):
    data = b''
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            sys.exit('the daemon is gone')
        data += more
    return data

path, bundles, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
images = sys.argv[4:]
peer = socket.socket(socket.AF_UNIX)
peer.connect(path)
try:
    for n in range(count):
        pull = field(1, images[n % len(images)].encode()) + field(2, f'{bundles}/{n}'.encode())
        request = field(1, b'api.ImagePullService') + field(2, b'PullImage') + field(3, pull)
        peer.sendall(struct.pack('>IIBB', len(request), 2 * n + 1, 1, 0) + request)
    failed = 0
    for n in range(count):
        length, stream, _, _ = struct.unpack('>IIBB', exactly(10))
        answer = exactly(length)
        if b'sha256:' not in answer or answer[:1] == b'\x0a':
            failed += 1
            print(stream, answer)
    sys.exit(1 if failed else 0)
except OSError as gone:
    sys.exit(str(gone))
