#!/usr/bin/env python3
"""Streams the whole of a synthetic catalogue in each syntax, and shows that the server's memory does not grow with it.

Reads DATABASE (libpq URL), BASE (server) and SERVER (its process id) from the environment. The peer is psql, which copies
the documents of the same entries out of the database.
Prints entries and megabytes per second, the ratio to the peer, and the server's memory at its highest: within the first
tenth of the stream, within nine tenths, whose ratio must stay near 1, and in all.
"""
import os
import subprocess
import time
import urllib.request

from measure import BASE, DATABASE

SERVER = os.environ["SERVER"]
MEMORY_BAR = 1.25


def scalar(query):
    return subprocess.run(["psql", DATABASE, "-Atc", query], check=True, capture_output=True, text=True).stdout.strip()


def memory(name):
    """A figure of the server in MB; VmHWM is the highest since it was last cleared."""
    with open(f"/proc/{SERVER}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def stream(path):
    """Seconds, bytes, and the server's memory in MB at its highest within one tenth, within nine tenths and in all."""
    with open(f"/proc/{SERVER}/clear_refs", "w", encoding="utf-8") as file:
        file.write("5")
    begin, size, marks = time.monotonic(), 0, []
    with urllib.request.urlopen(BASE + path, timeout=600) as answer:
        while piece := answer.read(1 << 18):
            size += len(piece)
            if size >= len(marks) << 22:
                marks.append(memory("VmHWM"))
    return time.monotonic() - begin, size, marks[len(marks) // 10], marks[len(marks) * 9 // 10], memory("VmHWM")


entries = int(scalar("SELECT count(*) FROM entry_in_force"))
begin = time.monotonic()
subprocess.run(["psql", DATABASE, "-qc", """COPY (SELECT document FROM directory_entry_version AS version
    JOIN entry_in_force USING (entry_id, number) ORDER BY entry_id) TO STDOUT"""], check=True, stdout=subprocess.DEVNULL)
peer = entries / (time.monotonic() - begin)
print(f"{entries} entries; psql copies {peer:.0f}/s\n")
print(f"{'syntax':<10}{'MB':>7}{'entries/s':>11}{'MB/s':>7}{'of psql':>9}{'MB at 1/10':>12}{'at 9/10':>9}{'growth':>8}{'peak MB':>9}  bar")
for syntax in ["ttl", "rdf", "jsonld"]:
    seconds, size, early, late, peak = stream(f"/catalog.{syntax}")
    growth = late / early
    print(f"{syntax:<10}{size / 1e6:>7.0f}{entries / seconds:>11.0f}{size / 1e6 / seconds:>7.1f}{entries / seconds / peer:>9.2f}"
          f"{early:>12.0f}{late:>9.0f}{growth:>8.2f}{peak:>9.0f}  {'held' if growth < MEMORY_BAR else 'MISSED'} < {MEMORY_BAR}", flush=True)
