/**
 * `npm run test:small`: the tests with at most 4 GB of memory for all their processes together, and the most that they held. A limit
 * on addresses (`ulimit -v`) cannot be laid on them: V8 keeps 8 GB of addresses as a guard for each memory of WebAssembly, the bundler
 * behind vitest some 30 GB, Chromium more, of which next to nothing is memory. So the kernel's group of processes holds them where
 * this machine lets one be made; else what they hold is measured, and more than 4 GB fails. `test/unit/cli/small-memory.test.ts`
 * runs the command itself under `ulimit -v 4194304`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const MOST_BYTES = 4 * 2 ** 30;
const EVERY_MS = 1000;
/** Of both versions of the kernel's interface: where a group is made, and the file of its limit. */
const PLACES = [
  ['/sys/fs/cgroup', 'memory.max'],
  ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
];

/** A group of processes whose memory is limited; null where none can be made. */
function makeGroup() {
  for (const [place, limit] of PLACES) {
    const folder = join(place, `espalier-test-${process.pid}`);
    try {
      mkdirSync(folder);
      if (existsSync(join(folder, limit))) {
        writeFileSync(join(folder, limit), String(MOST_BYTES));
        return folder;
      }
      rmdirSync(folder);
    } catch {
      // Not permitted, or not there.
    }
  }
  return null;
}

/** Bytes of memory that a process and all below it hold, what they share counted once. */
function held(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name)) {
      const after = read(`/proc/${name}/stat`).split(') ').at(-1) ?? '';
      parents.set(Number(name), Number(after.split(' ')[1]));
    }
  const isBelow = (pid) => pid === root || (parents.has(pid) && pid > 1 && isBelow(parents.get(pid)));
  let bytes = 0;
  for (const pid of parents.keys())
    if (isBelow(pid)) bytes += 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  return bytes;
}

/** Of a process that has ended meanwhile, nothing. */
function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

if (process.platform !== 'linux') {
  process.stderr.write('test:small measures memory as Linux tells it\n');
  process.exit(1);
}
const group = makeGroup();
const tests = [process.execPath, join(ROOT, 'scripts/test.mjs'), ...process.argv.slice(2)];
const entering = group === null ? [] : ['bash', '-c', `echo $$ > '${group}/cgroup.procs' && exec "$@"`, 'bash'];
const [program, ...args] = [...entering, ...tests];
const child = spawn(program, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
let most = 0;
const timer = setInterval(() => {
  most = Math.max(most, held(child.pid));
}, EVERY_MS);
child.on('exit', (code) => {
  clearInterval(timer);
  const how = group === null ? 'measured each second; no limit could be laid on them' : 'held by the kernel';
  process.stdout.write(
    `memory: at most ${(most / 2 ** 30).toFixed(2)} GB of ${MOST_BYTES / 2 ** 30} GB in all processes together (${how})\n`,
  );
  if (group !== null)
    try {
      rmdirSync(group);
    } catch {
      // A process is still ending there; the empty group harms nothing.
    }
  process.exit(code !== 0 || most > MOST_BYTES ? code || 1 : 0);
});
