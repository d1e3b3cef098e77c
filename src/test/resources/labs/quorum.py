"""A client of the lab on a single leader, as its integration tests are.

Usage: quorum.py URL_OF_THE_LEADER URL_OF_A_FOLLOWER...
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib import error, parse, request


def post(url, payload):
    data = json.dumps(payload).encode("utf-8")
    asked = request.Request(url, data=data, headers={"Content-Type": "application/json"}, method="POST")
    with request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read().decode("utf-8"))


def get(url):
    with request.urlopen(url, timeout=10) as answer:
        return json.loads(answer.read().decode("utf-8"))


def read(url, key):
    return get(url + "/read?" + parse.urlencode({"key": key}))


def eventually(what, holds):
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end, "not in time: " + what
        time.sleep(0.01)


leader, *followers = sys.argv[1:]

for url in [leader] + followers:
    assert get(url + "/health")["node_id"], "each node says who it is"

# Write and read.
written = post(leader + "/write", {"key": "lab", "value": "one"})
assert written["key"] == "lab" and written["value"] == "one", written
assert written["node_id"] == "leader" and written["version"] == 1, written
found = read(leader, "lab")
assert found["value"] == "one" and found["version"] == 1 and found["node_id"] == "leader", found

# Concurrent writes, to one key and to many: in the end all nodes hold the same.
with ThreadPoolExecutor(10) as pool:
    answers = list(
        pool.map(lambda i: post(leader + "/write", {"key": "race-%d" % (i % 10), "value": i}), range(50))
    )
    answers += list(pool.map(lambda i: post(leader + "/write", {"key": "race", "value": i}), range(20)))
assert all(answer["node_id"] == "leader" for answer in answers), answers
assert sorted(answer["version"] for answer in answers[50:]) == list(range(1, 21)), answers[50:]


def data_of(url):
    answer = get(url + "/data")
    assert answer["count"] == len(answer["data"]), answer
    assert answer["node_id"], answer
    return answer["data"]


def is_same():
    at_leader = data_of(leader)
    return all(data_of(follower) == at_leader for follower in followers)


eventually("the followers hold what the leader has", is_same)
data = data_of(leader)
assert data["race"]["version"] == 20 and set(data["race"]) == {"value", "version"}, data["race"]
assert {"race-%d" % i for i in range(10)} <= set(data), data

# A follower takes no writes of clients, and says who it is when it refuses.
try:
    post(followers[0] + "/write", {"key": "lab", "value": "no"})
    raise AssertionError("a follower took a write")
except error.HTTPError as refused:
    said = json.loads(refused.read().decode("utf-8"))
    assert refused.code == 403 and said["node_id"] == "follower1", said
try:
    read(leader, "nothing of this name")
    raise AssertionError("a key that nobody wrote was found")
except error.HTTPError as absent:
    said = json.loads(absent.read().decode("utf-8"))
    assert absent.code == 404 and said["node_id"] == "leader", said

# What the leader would send: versions decide.
plain = post(followers[1] + "/replicate", {"key": "by hand", "value": "plain"})
assert plain["node_id"] == "follower2" and plain["version"] == 1, plain
newer = post(followers[1] + "/replicate", {"key": "by hand", "value": "seven", "version": 7})
assert newer["version"] == 7 and newer["value"] == "seven", newer
older = post(followers[1] + "/replicate", {"key": "by hand", "value": "five", "version": 5})
assert older["node_id"] == "follower2", older
kept = read(followers[1], "by hand")
assert kept["value"] == "seven" and kept["version"] == 7, kept
print("quorum.py: well")
