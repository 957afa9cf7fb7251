#!/usr/bin/env node
/** The `espalier` command. In a clone it builds itself when needed; an installed package brings all it needs. */
import { existsSync } from 'node:fs';

if (existsSync(new URL('../src/cli', import.meta.url))) {
  const { ensureCommandLine, ensureInstalled, ensurePage } = await import('../scripts/setup.mjs');
  ensureInstalled();
  ensureCommandLine();
  if (process.argv[2] === 'view') ensurePage();
}
await import('../dist-cli/espalier.mjs');
