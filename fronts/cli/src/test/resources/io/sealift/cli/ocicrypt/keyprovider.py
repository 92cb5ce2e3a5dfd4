#!/usr/bin/env python3
"""A key provider (ocicrypt, cmd protocol) for tests: it keeps no secret, it only undoes what it did."""
import base64
import hashlib
import json
import sys


def mask(data):
    stream = b"".join(hashlib.sha256(b"example%d" % block).digest() for block in range(len(data) // 32 + 1))
    return bytes(a ^ b for a, b in zip(data, stream))


def text(data):
    return base64.b64encode(mask(data)).decode()


request = json.load(sys.stdin)
if request["op"] == "keywrap":
    options = base64.b64decode(request["keywrapparams"]["optsdata"])
    answer = {"keywrapresults": {"annotation": text(options)}}
elif request["op"] == "keyunwrap":
    annotation = base64.b64decode(request["keyunwrapparams"]["annotation"])
    answer = {"keyunwrapresults": {"optsdata": text(annotation)}}
else:
    sys.exit("op is '%s', expected keywrap or keyunwrap" % request["op"])
json.dump(answer, sys.stdout)
