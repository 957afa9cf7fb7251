#!/usr/bin/env node
/** The `espalier` command. In a clone it builds itself when needed; an installed package brings all it needs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const NO_GUARDS = '--disable-wasm-trap-handler';

/** Where addresses are limited (`ulimit -v`) there may be no room for the gigabytes that guard each memory of WebAssembly. */
function hasRoomForGuards() {
  try {
    return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength > 0;
  } catch {
    return process.execArgv.includes(NO_GUARDS) || !process.allowedNodeEnvironmentFlags.has(NO_GUARDS);
  }
}

/** Runs in a process whose memories are checked by code instead; ends as that one does. */
function runWithoutGuards() {
  const child = spawn(process.execPath, [NO_GUARDS, ...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`espalier: ${error.message}\n`);
    process.exitCode = 70;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 70;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function run() {
  if (existsSync(new URL('../src/cli', import.meta.url))) {
    const { ensureCommandLine, ensureInstalled, ensurePage } = await import('../scripts/setup.mjs');
    ensureInstalled();
    ensureCommandLine();
    if (process.argv[2] === 'view') ensurePage();
  }
  await import('../dist-cli/espalier.mjs');
}

if (hasRoomForGuards()) await run();
else runWithoutGuards();
