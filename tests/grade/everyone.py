# SPDX-License-Identifier: BSD-2-Clause
# Holds what `grade` wrote of one class in every format against the same class as JSON: the same submissions,
# parts and points in each. In the folder: .out.json, .out.tap, .out.csv, .out.junit.
# usage: everyone.py FOLDER
import csv
import json
import os
import re
import sys
import xml.etree.ElementTree as tree


def read(name):
    with open(os.path.join(sys.argv[1], ".out." + name), encoding="utf-8", newline="") as file:
        return file.read()


def cell(text):
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


results = json.loads(read("json"))
parts = [(r, l, p) for r in results for l in r["lessons"] for p in l["parts"]]
names = [r["name"] for r in results]
assert len(set(names)) == len(names), "two of one name"
for r in results:
    reached = sum(p["weight"] for l in r["lessons"] for p in l["parts"] if p["reached"])
    assert r["score"] == reached, r["name"]

rows = list(csv.reader(read("csv").splitlines(keepends=True)))
assert rows[0] == "submission,lesson,status,kind,id,reached,weight,answer,why".split(",")
assert len(rows) == len(parts) + 1, len(rows)
for row, (r, l, p) in zip(rows[1:], parts):
    assert row[:5] == [cell(r["name"]), l["lesson"], l["status"], p["kind"], p["id"]], row
    assert row[5] == str(int(p["reached"])) and float(row[6]) == p["weight"], row
    assert p["reached"] or l["status"] == "graded" or row[8], row

suites = tree.fromstring(read("junit")).findall("testsuite")
assert len(suites) == sum(len(r["lessons"]) for r in results)
cases = [c for s in suites for c in s]
assert len(cases) == len(parts)
for case, (r, l, p) in zip(cases, parts):
    assert case.get("classname") == r["name"] and case.get("name") == p["text"], case.attrib
    assert (case.find("failure") is None) == p["reached"], case.attrib
for s in suites:
    assert int(s.get("tests")) == len(s) and int(s.get("failures")) == len(s.findall("*/failure"))

# TAP 14: plan, points in their order, a YAML block behind what is not ok, no directive.
lines = read("tap").split("\n")
assert lines[:2] == ["TAP version 14", "1..%d" % len(parts)], lines[:2]
at = 2
for number, (r, l, p) in enumerate(parts, 1):
    head = ("ok %d - " if p["reached"] else "not ok %d - ") % number
    assert lines[at].startswith(head), lines[at]
    text = "%s: %s: %s" % (r["name"], l["lesson"], p["text"])
    assert lines[at][len(head):] == re.sub(r"([#\\])", r"\\\1", text), lines[at]
    at += 1
    if not p["reached"]:
        end = lines.index("  ...", at)
        assert lines[at] == "  ---", lines[at]
        block = dict(line.strip().split(": ", 1) for line in lines[at + 1:end])
        assert json.loads(block["message"]) and json.loads(block["status"]) == l["status"], block
        at = end + 1
assert lines[at:] == [""], lines[at:]
print(len(results), "submissions,", len(parts), "parts")
