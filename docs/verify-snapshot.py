#!/usr/bin/env python3
"""Checks one snapshot of an Aggregator server without trusting it.  verify-snapshot.py SERVER ARTICLE TIMESTAMP [DAY HASH]

It computes the SHA-256 of the snapshot's document, climbs from it to the Merkle root of its day (RFC 6962), and computes the
hash of the day's proof. Compare that hash with one that somebody kept: with DAY HASH, the proof of a later day that you
have from elsewhere, it walks back along the chain to the snapshot's day. Needs nothing but Python 3.
"""
import hashlib, json, re, sys, urllib.request

def get(path):
    with urllib.request.urlopen(server.rstrip("/") + path, timeout=60) as answer: return answer.read()

def sha(data):
    return hashlib.sha256(data).digest()

def record(proof):
    return sha("".join(f"{proof[name]}\n" for name in ("day", "count", "root", "previous")).encode("ascii")).hex()

def check(holds, what):
    if not holds: sys.exit("NOT GENUINE: " + what)

server, article, stamp, *kept = sys.argv[1:]
document = get(f"/articles/{article}/snapshots/{stamp}.json")
captured = re.sub(r"\D", "", json.loads(document)["captured"])[:14]
check(captured == stamp, f"the document was captured at {captured}")
proof = json.loads(get(f"/proof/{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}.json?snapshot={article}/{stamp}"))
node, index, last = sha(b"\0" + sha(document)), proof["snapshot"]["index"], proof["count"] - 1
for sibling in map(bytes.fromhex, proof["snapshot"]["path"]):
    left = index % 2 == 1 or index == last
    node = sha(b"\1" + sibling + node if left else b"\1" + node + sibling)
    while left and index % 2 == 0 and index > 0: index, last = index // 2, last // 2
    index, last = index // 2, last // 2
check(last == 0 and node.hex() == proof["root"], "the document is not in the root of its day")
day, expected = kept or (proof["day"], proof["hash"])
while day > proof["day"]:
    later = json.loads(get(f"/proof/{day}.json"))
    check(record(later) == expected, f"the proof of {day} is not the one you have")
    day, expected = later.get("previous_day", ""), later["previous"]
check(day == proof["day"] and record(proof) == expected, f"the proof of {proof['day']} is not in the chain")
print("genuine: sha256", sha(document).hex(), "in the proof of", proof["day"], record(proof))
