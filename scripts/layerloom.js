#!/usr/bin/env node
// The `layerloom` command: runs the built command line, or says how to build it.
import { existsSync } from 'node:fs';

const built = new URL('../out/main/cli.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('layerloom is not built yet: run "npm run bootstrap && npm run build" first.\n');
  process.exitCode = 2;
}
