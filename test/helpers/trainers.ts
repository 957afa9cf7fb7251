/**
 * Real trainers over real exports: makes a folder with training sets and a reference, and runs a check of
 * integrations/trainers on it in the Python environment that has the trainer. integrations/trainers/README.md says how to add one.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { open, rule, type Budget, type ChosenProfile, type LogBytes, type OpenOptions, type PruneRule } from '../../src/cli/api.ts';
import type { TrainingLines } from '../../src/engine/answers/exporting.ts';
import { PROFILES } from '../../src/engine/export/profiles/index.ts';
import { environmentsFolder } from '../../scripts/trainer-environments.mjs';
import { linesOf } from './openSession.ts';
import { ROOT } from './sources.ts';
import { tokenizerFiles, trainerTokenizer, type TemplateName, type TemplateText } from './trainerTokenizer.ts';

const TRAINERS = join(ROOT, 'integrations/trainers');

/** A Python environment; `missing` says in one clause why it cannot be used, and is null where it can. */
export interface TrainerEnvironment {
  readonly name: string;
  readonly python: string;
  readonly missing: string | null;
}

/** For `describe.skipIf(environment.missing !== null)(titled('…', environment), …)`. */
export function titled(title: string, { missing }: TrainerEnvironment): string {
  return missing === null ? title : `${title} (skipped: ${missing})`;
}

/** The environment of that name in integrations/trainers/environments.json. */
export function trainerEnvironment(name: string): TrainerEnvironment {
  const folder = join(environmentsFolder(), name);
  const python = join(folder, 'bin/python');
  return { name, python, missing: whyMissing(name, folder, python) };
}

function whyMissing(name: string, folder: string, python: string): string | null {
  const make = `npm run test:trainers -- --install ${name}`;
  const stamp = join(folder, 'installed.txt');
  if (!existsSync(stamp)) return `no Python environment ${name}: ${make}`;
  if (readFileSync(stamp, 'utf8') !== readFileSync(join(TRAINERS, 'requirements', `${name}.txt`), 'utf8'))
    return `the Python environment ${name} has other versions: ${make}`;
  return spawnSync(python, ['--version']).status === 0 ? null : `the Python environment ${name} does not run: ${make}`;
}

const made: string[] = [];

// With ESPALIER_KEEP_EXPORTS the folders stay, to run a check on them by hand.
afterAll(() => {
  if (process.env['ESPALIER_KEEP_EXPORTS'] === undefined) for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder for `runCheck`, removed when the tests of its file are over. */
export interface CheckFolder {
  readonly folder: string;
  /** Training records, which is what a profile with one row per record has. */
  readonly records: number;
}

/** What to export for a check; everything but the logs has a default. */
export interface Exported {
  /** Paths from the root of the repository, or logs in memory. */
  readonly logs: readonly (string | LogBytes)[];
  readonly open?: OpenOptions;
  readonly rule?: Partial<PruneRule>;
  readonly budget?: Budget;
  readonly profiles: readonly ChosenProfile[];
  /** Default train-once: what a trainer with masks of 0 and 1 must agree with. */
  readonly weights?: 'branch-mean' | 'kept-mean' | 'train-once';
  /** Opens the logs with a small tokenizer and this chat template, and puts both into the folder `tokenizer` for the check. */
  readonly template?: TemplateName | TemplateText;
}

/**
 * Writes the profiles into a new folder, and beside them `expected.jsonl`: for each training record, in the order of every
 * profile that writes one row per record, `{task, rollout, input_ids, weight}` as the profile `tokens` has them; and `training.json`,
 * the lines that train on the profiles.
 */
export async function exportForCheck({ logs, profiles, template, ...given }: Exported): Promise<CheckFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-trainers-'));
  made.push(folder);
  const dataset = await open(
    logs.map((log) => (typeof log === 'string' ? join(ROOT, log) : log)),
    { ...(template === undefined ? {} : { tokenizer: trainerTokenizer(template) }), ...given.open },
  );
  const pruned = dataset.prune(rule(given.rule), given.budget ?? { cut: 1, train: 1 });
  const weights = given.weights ?? 'train-once';
  await pruned.export(folder, { profiles, weights });
  const reference = join(folder, 'reference');
  mkdirSync(reference);
  await pruned.export(reference, { profiles: [{ profile: 'tokens' }], weights });
  const rows = linesOf(readFileSync(join(reference, 'tokens.jsonl'), 'utf8'));
  const expected = rows.map(({ task, rollout, input_ids, weight }) => JSON.stringify({ task, rollout, input_ids, weight }));
  writeFileSync(join(folder, 'expected.jsonl'), `${expected.join('\n')}\n`);
  rmSync(reference, { recursive: true });
  writeFileSync(join(folder, 'training.json'), JSON.stringify(trainingLines(profiles)));
  if (template !== undefined) {
    mkdirSync(join(folder, 'tokenizer'));
    for (const [name, text] of Object.entries(tokenizerFiles(template))) writeFileSync(join(folder, 'tokenizer', name), text);
  }
  await dataset.close();
  return { folder, records: rows.length };
}

/** The first lines of a log: enough where a trainer takes long. */
export function firstLines(log: string, count: number): LogBytes {
  const lines = readFileSync(join(ROOT, log), 'utf8').split('\n').slice(0, count);
  return { name: log, bytes: new TextEncoder().encode(`${lines.join('\n')}\n`) };
}

/** profile -> the lines that it says train on its files */
function trainingLines(profiles: readonly ChosenProfile[]): Record<string, readonly TrainingLines[]> {
  const chosen = PROFILES.filter(({ id }) => profiles.some(({ profile }) => profile === id));
  return Object.fromEntries(chosen.map(({ id, training }) => [id, training ?? []]));
}

/** Nothing is looked up outside, nothing is written outside the folder, and no test takes all cores. */
function surroundings(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HF_HUB_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    HF_HOME: join(folder, 'hub'),
    WANDB_MODE: 'disabled',
    DO_NOT_TRACK: '1',
    AXOLOTL_DO_NOT_TRACK: '1',
    TOKENIZERS_PARALLELISM: 'false',
    OMP_NUM_THREADS: '1',
    CUDA_VISIBLE_DEVICES: '',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/**
 * Runs `integrations/trainers/checks/<check>.py` on a folder.
 *
 * @returns the JSON object that it ends with. Rejects with what it said where it found a mismatch or broke.
 */
export async function runCheck(environment: TrainerEnvironment, check: string, folder: string): Promise<Record<string, unknown>> {
  const [found] = await runChecks(environment, check, [folder]);
  return found ?? {};
}

/** The same on several folders in one process, where starting a trainer takes longer than the check. One object for each folder. */
export function runChecks(
  environment: TrainerEnvironment,
  check: string,
  folders: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  const options = { cwd: TRAINERS, env: surroundings(folders[0] ?? TRAINERS), maxBuffer: 64 << 20 };
  return new Promise((resolve, reject) => {
    execFile(environment.python, ['-m', `checks.${check}`, ...folders], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`checks/${check}.py: ${stdout.slice(-4000)}\n${stderr.slice(-8000)}`));
      else resolve(linesOf(stdout.trimEnd().split('\n').slice(-folders.length).join('\n')));
    });
  });
}
