// Loaded before anything else (node -r), so it is plain old JavaScript that any Node can read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Broadsheet needs Node 22.18 or newer, and this is ${process.versions.node} on ${process.platform}-${process.arch}.\n` +
      'On Linux x64 and arm64 npm brings Node 24 along: run `npm ci` (without --omit=optional), and start scripts through npm run.\n' +
      'Elsewhere install Node 24 from https://nodejs.org.\n',
  );
  process.exit(2);
}
