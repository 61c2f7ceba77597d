// npm 10 installs the package that holds Node 24, but takes its `node` out of node_modules/.bin again when it drops the
// packages of other platforms, which have a `node` too. npm runs this after `npm ci` and `npm install`; it is plain old
// JavaScript that any Node can read, and does nothing where npm has linked the program or brought none.
const { existsSync, rmSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');

const modules = join(__dirname, '..', 'node_modules');
const program = join('..', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const link = join(modules, '.bin', 'node');
if (!existsSync(link) && existsSync(join(modules, '.bin', program))) {
  rmSync(link, { force: true });
  symlinkSync(program, link);
}
