#!/usr/bin/env node
// The published command. The package holds compiled JavaScript, because Node strips no types under node_modules.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`firedrill: needs Node 22.19 or later, this is ${process.versions.node}.\n`);
  process.exit(3);
}
await import('../dist/scripts/cli.js');
