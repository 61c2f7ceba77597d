"""Prints the rounds of an input file (first argument) with vl-convert: one PDF a chart."""

import json
import os
import sys
import time

import vl_convert

with open(sys.argv[1], encoding="utf-8") as file:
    bench = json.load(file)

for folder in {os.path.dirname(font["path"]) for font in bench["fontFiles"]}:
    vl_convert.register_font_directory(folder)

size = {
    "width": bench["chart"]["width"],
    "height": bench["chart"]["height"],
    "padding": 0,
    "autosize": {"type": "fit", "contains": "padding"},
}
for line in sys.stdin:
    start = time.perf_counter()
    total = 0
    for chart in bench["rounds"][int(line)]:
        spec = {**chart["spec"], **size, "data": {"values": chart["rows"]}}
        total += len(vl_convert.vegalite_to_pdf(spec, vl_version="6.4"))
    answer = {"milliseconds": (time.perf_counter() - start) * 1000, "bytes": total}
    print(json.dumps(answer), flush=True)
