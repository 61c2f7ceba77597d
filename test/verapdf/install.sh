#!/usr/bin/env bash
# Fetches veraPDF from Maven Central into node_modules/.cache/verapdf and compiles the small program that runs it.
# Needs a JDK of at least 17 and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
into="$here/../../node_modules/.cache/verapdf"
mkdir -p "$into"
mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$into/lib"
javac -cp "$into/lib/*" -d "$into/classes" "$here/Validate.java"
