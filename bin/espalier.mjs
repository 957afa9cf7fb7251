#!/usr/bin/env node
/** The `espalier` command: builds itself when needed, then runs. */
import { ensureCommandLine, ensureInstalled } from '../scripts/setup.mjs';

ensureInstalled();
ensureCommandLine();
await import('../dist-cli/espalier.mjs');
