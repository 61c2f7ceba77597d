"""Prints the table of bench/table/rows.ts with Typst: typst_table.py ROWS OUT.pdf. Says ms, pages, bytes, peakMiB as JSON."""
import json
import os
import re
import resource
import sys
import tempfile
import time

import typst

rows, out = int(sys.argv[1]), sys.argv[2]
start = time.perf_counter()
cells = []
for i in range(rows):
    cells += [str(i), f"2026-01-{i % 28 + 1:02d} 10:{i % 60:02d}", f"host-{i % 50}", f"{i % 997}.{i % 100}",
              f"select * from t where id = {i}", "ok"]
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "rows.json"), "w") as file:
        json.dump(cells, file)
    source = os.path.join(folder, "table.typ")
    with open(source, "w") as file:
        file.write('''#set page("a4", flipped: true, margin: 20pt)
#set text(size: 8pt)
#let cells = json("rows.json")
#table(columns: (70pt, 120pt, 90pt, 90pt, 1fr, 90pt), stroke: none, inset: 2pt, align: (right, left, left, right, left, left),
  table.header([id], [time], [host], [ms], [sql], [state]), ..cells)
''')
    typst.compile(source, output=out)
with open(out, "rb") as file:
    pages = len(re.findall(rb"/Type ?/Page[^s]", file.read()))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"ms": (time.perf_counter() - start) * 1000, "pages": pages, "bytes": os.path.getsize(out), "peakMiB": peak}))
