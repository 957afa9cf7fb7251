/** Makes the Python environments of integrations/trainers, one virtual environment each, where they are missing or of other versions. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './setup.mjs';

const TRAINERS = join(ROOT, 'integrations/trainers');

/** Where environments live: one folder each, by name. */
export function environmentsFolder() {
  return process.env['ESPALIER_TRAINERS'] ?? join(ROOT, '.cache/trainers');
}

/** Name -> { about, fast, dependencies }; those that are fast are what CI makes. */
function listed() {
  return JSON.parse(readFileSync(join(TRAINERS, 'environments.json'), 'utf8'));
}

/**
 * @param asked `fast`, `all`, or names with commas between
 * @returns names. Throws where one is not listed.
 */
export function environmentNames(asked) {
  const environments = listed();
  const names = Object.keys(environments);
  if (asked === 'all') return names;
  if (asked === 'fast') return names.filter((name) => environments[name].fast);
  const wanted = asked.split(',');
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no environment ${unknown.join(', ')}; there are ${names.join(', ')}`);
  return wanted;
}

/** @returns whether every line succeeded; what pip says goes to stderr. */
function run(program, args) {
  return spawnSync(program, args, { cwd: ROOT, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * Makes an environment from its requirements, unless it is there with these very ones.
 *
 * @returns why it could not be made, or null
 */
export function ensureEnvironment(name) {
  const folder = join(environmentsFolder(), name);
  const requirements = join(TRAINERS, 'requirements', `${name}.txt`);
  const asked = readFileSync(requirements, 'utf8');
  // Written last, so that an installation that was cut off counts as none.
  const stamp = join(folder, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === asked) return null;
  process.stderr.write(`making the Python environment ${name}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!run('python3', ['-m', 'venv', folder])) return 'python3 -m venv failed: Python 3.11 with venv is needed';
  // Some packages name dependencies that a CPU has no use for, or that none of their code in use needs.
  const alone = listed()[name].dependencies === false ? ['--no-deps'] : [];
  const pip = ['install', '--quiet', '--disable-pip-version-check', ...alone, '--requirement', requirements];
  if (!run(join(folder, 'bin/pip'), pip)) return 'pip could not install its requirements';
  writeFileSync(stamp, asked);
  return null;
}
