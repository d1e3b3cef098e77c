"""A client of the lab on logical clocks, as its own are: put, get and status with the standard library alone.

Usage: lamport.py URL_OF_A URL_OF_B URL_OF_C
"""

import json
import sys
import time
from urllib import error, parse, request


def post(url, payload):
    data = json.dumps(payload).encode("utf-8")
    asked = request.Request(url, data=data, headers={"Content-Type": "application/json"}, method="POST")
    with request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read().decode("utf-8"))


def get(url):
    with request.urlopen(url, timeout=10) as answer:
        return json.loads(answer.read().decode("utf-8"))


class Node:
    def __init__(self, url):
        self.url = url.rstrip("/")

    def put(self, key, value):
        return post(self.url + "/put", {"key": key, "value": value})

    def get(self, key):
        return get(self.url + "/get?" + parse.urlencode({"key": key}))

    def replicate(self, key, value, ts, origin):
        return post(self.url + "/replicate", {"key": key, "value": value, "ts": ts, "origin": origin})

    def status(self):
        return get(self.url + "/status")


def eventually(what, holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "not in time: " + what
        time.sleep(0.01)


def has(node, key, value):
    try:
        return node.get(key)["value"] == value
    except error.HTTPError as absent:
        assert absent.code == 404, absent.code
        return False


a, b, c = (Node(url) for url in sys.argv[1:4])

# A write tells its Lamport time; the clock of the node is no less.
put = a.put("lab x", 1)
assert put["ok"] is True and put["node"] == "A" and put["key"] == "lab x" and put["value"] == 1, put
assert put["applied"] is True and 1 <= put["ts"] <= put["lamport"], put

# All have it in the end, with the time and the node of its making.
for node in (b, c):
    eventually("the write is everywhere", lambda: has(node, "lab x", 1))
    read = node.get("lab x")
    assert read["ok"] is True and read["key"] == "lab x", read
    assert (read["ts"], read["origin"]) == (put["ts"], "A"), read
    assert read["lamport"] > read["ts"], "the clock goes beyond what has arrived: %s" % read

# Of two writes the one with the higher time wins, everywhere.
second = b.put("lab x", {"a": [2]})
assert second["ts"] > put["ts"], second
for node in (a, c):
    eventually("the later write wins", lambda: has(node, "lab x", {"a": [2]}))

# What is not there.
try:
    a.get("nothing of this name")
    raise AssertionError("a key that nobody wrote was found")
except error.HTTPError as absent:
    said = json.loads(absent.read().decode("utf-8"))
    assert absent.code == 404 and said["ok"] is False and said["error"], said
    assert said["lamport"] >= 1, said

# What a peer would send: the higher time wins, at the same time the later node in the alphabet.
first = c.replicate("by hand", "b", 500, "B")
assert first["ok"] is True and first["node"] == "C" and first["applied"] is True, first
assert first["lamport"] > 500, first
read = c.get("by hand")
assert (read["value"], read["ts"], read["origin"]) == ("b", 500, "B"), read
assert c.replicate("by hand", "early", 499, "B")["applied"] is False
assert c.replicate("by hand", "a", 500, "A")["applied"] is False
assert c.replicate("by hand", "twice", 500, "B")["applied"] is False
assert c.get("by hand")["value"] == "b"
assert c.replicate("by hand", "a later", 501, "A")["applied"] is True
assert c.get("by hand")["origin"] == "A"
assert c.put("by hand", "own")["ts"] > 501

# The status has the clock and the whole store.
status = c.status()
assert status["ok"] is True and status["node"] == "C", status
assert status["lamport"] >= status["store"]["by hand"]["ts"], status
kept = status["store"]["by hand"]
assert kept["value"] == "own" and kept["origin"] == "C", kept
assert len(status["peers"]) == 2 and sorted(status["pending"]) == ["A", "B"], status
assert all(count >= 0 for count in status["pending"].values()), status
print("lamport.py: well")
