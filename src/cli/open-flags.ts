/** The flags that every command has in common, as settings of opening; and its progress on stderr. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readPolicyVersion } from '../core/rollouts/policy-versions.ts';
import { GROUPS } from '../core/rollouts/regard.ts';
import { readStatusRewards } from '../core/rollouts/status-rewards.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress, type OpenSettings, type TokenizerChoice } from '../engine/answers/opening.ts';
import { openMapping } from '../engine/mapping-file.ts';
import { sha256 } from '../platform/node/sha256.ts';
import { mappingFault } from '../engine/format-by-id.ts';
import { readPlainJson } from '../engine/plain-json.ts';
import {
  DEFAULT_TEMPLATE,
  TEMPLATE_FILE,
  TEMPLATE_FOLDER,
  withTemplates,
  type NamedTemplate,
} from '../engine/tokenizers/template-files.ts';
import { bytesText } from './text/figures.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';
import { progress } from './streams.ts';

/** What `parseArgs` is told of them. */
export const OPEN_OPTIONS = {
  tokenizer: { type: 'string' },
  mapping: { type: 'string' },
  'token-file': { type: 'string' },
  'memory-tools': { type: 'string' },
  'max-node-tokens': { type: 'string' },
  group: { type: 'string' },
  'status-reward': { type: 'string' },
  'policy-version': { type: 'string' },
  verdicts: { type: 'string' },
  'no-joins': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What help says of the other flags. */
export const OPEN_HELP = `\
  --tokenizer NAME|PATH  for logs without token ids: o200k_base (default), a tokenizer.json or its folder
  --mapping FILE         mapping file for records in an unrecognised format
  --token-file FILE      a token for private repositories of the hub (hf://…), else the variable HF_TOKEN; sent to the hub alone
  --memory-tools LIST    prefixes of the words that mark a tool as memory (default ${DEFAULT_OPEN_SETTINGS.memoryTools.join(',')})
  --max-node-tokens N    split long segments into blocks of at most N tokens (default off)`;

/** What help says of how rollouts are regarded. */
export const REGARD_HELP = `\
  --group BY             one group of rollouts per task (default), or per task and file, model or policy
  --status-reward LIST   rewards by exit status, such as submitted=1,exit_cost=0; they take the place of the log's
  --verdicts FILE        rewards by rollout (CSV, JSON or JSONL with id, or task and id, and reward or label); likewise
  --policy-version N     version that lag and off-policy tokens are counted against (default the newest in the log)
  --no-joins             without the rewards that reports and results beside the logs give to rollouts that have none`;

export type OpenFlags = { readonly [K in Exclude<keyof typeof OPEN_OPTIONS, 'help' | 'no-joins'>]?: string | undefined } & {
  readonly 'no-joins'?: boolean | undefined;
};

export function openSettings(flags: OpenFlags): OpenSettings {
  const maxNodeTokens = flags['max-node-tokens'] === undefined ? null : Number(flags['max-node-tokens']);
  if (maxNodeTokens !== null && !(Number.isInteger(maxNodeTokens) && maxNodeTokens > 0))
    throw new UsageError(`--max-node-tokens: expected a whole number above 0, found ${flags['max-node-tokens']}`);
  const group = GROUPS.find((each) => each === (flags.group ?? 'task'));
  if (group === undefined) throw new UsageError(`--group: expected ${GROUPS.join(', ')}, found ${flags.group}`);
  const statusRewards = readStatusRewards(flags['status-reward'] ?? '');
  if (statusRewards === null)
    throw new UsageError(`--status-reward: expected STATUS=REWARD,… such as submitted=1,exit_cost=0, found ${flags['status-reward']}`);
  const policyVersion = readPolicyVersion(flags['policy-version'] ?? '');
  if (policyVersion === null) throw new UsageError(`--policy-version: expected a whole number, found ${flags['policy-version']}`);
  return {
    tokenizer: tokenizerChoice(flags.tokenizer),
    memoryTools: flags['memory-tools']?.split(',') ?? DEFAULT_OPEN_SETTINGS.memoryTools,
    maxNodeTokens,
    ...(group === 'task' ? {} : { group }),
    ...(statusRewards.length === 0 ? {} : { statusRewards }),
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(flags['no-joins'] === true ? { joins: false } : {}),
    ...(flags.mapping === undefined ? {} : { mapping: readMappingFile(flags.mapping) }),
  };
}

/** Every file that flags name as something to read. */
export function filesOfFlags(flags: Readonly<Record<string, unknown>>): (string | undefined)[] {
  const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const withoutTail = ['import-scores', 'share'].map((name) => text(name)?.replace(/:[^:]*$/, ''));
  return [
    ...['tokenizer', 'mapping', 'scores', 'import-scores', 'model', 'verdicts', 'session', 'notes', 'tags', 'token-file'].map(text),
    ...withoutTail,
  ];
}

function readMappingFile(path: string): unknown {
  // Once: a pipe gives it no second time.
  const text = readText('--mapping', path);
  parsedJson('--mapping', path, text);
  const opened = openMapping(text, sha256);
  if (!opened.ok) throw new UsageError(`--mapping: ${opened.reason}`);
  const { mapping } = opened;
  const fault = mappingFault(mapping);
  if (fault !== null) throw new UsageError(`--mapping: ${fault}`);
  return mapping;
}

/** `o200k_base`, or the path of a tokenizer.json or of its folder; the configuration and chat templates beside it are read too. */
function tokenizerChoice(flag: string | undefined): TokenizerChoice {
  if (flag === undefined || flag === 'o200k_base') return { kind: 'o200k_base' };
  const isFolder = existsSync(flag) && statSync(flag).isDirectory();
  const file = isFolder ? join(flag, 'tokenizer.json') : flag;
  const json = readText('--tokenizer', file);
  const parsed = parsedJson('--tokenizer', file, json);
  if (typeof parsed !== 'object' || parsed === null || !('model' in parsed))
    throw new UsageError(`--tokenizer: expected a tokenizer.json at ${file}, found JSON without a model`);
  // As the page names them: a folder that was dropped, or a file.
  const name = basename(isFolder ? resolve(flag) : flag);
  const folder = dirname(file);
  const config = withTemplates(textBeside(join(folder, 'tokenizer_config.json')), templatesIn(folder));
  return { kind: 'huggingface', name, json, ...(config === undefined ? {} : { config }) };
}

function templatesIn(folder: string): NamedTemplate[] {
  const further = join(folder, TEMPLATE_FOLDER);
  const files = existsSync(further) ? readdirSync(further).filter((name) => name.endsWith('.jinja')) : [];
  const paths: (readonly [name: string, path: string])[] = [
    [DEFAULT_TEMPLATE, join(folder, TEMPLATE_FILE)],
    ...files.map((name) => [basename(name, '.jinja'), join(further, name)] as const),
  ];
  return paths.flatMap(([name, path]) => {
    const template = textBeside(path);
    return template === undefined ? [] : [{ name, template }];
  });
}

/** Of a file that need not be there. */
function textBeside(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function parsedJson(flag: string, path: string, text: string): unknown {
  const read = readPlainJson(text);
  if (read.ok) return read.value;
  throw new UsageError(`${flag}: expected JSON at ${path}: ${read.reason}`);
}

function readText(flag: string, path: string): string {
  return readFlagFile(flag, path).toString('utf8');
}

/** Progress on stderr when it is a terminal. */
export function openProgress(): (progress: OpenProgress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let last = 0;
  return (at) => {
    const now = Date.now();
    const done = at.bytes >= at.totalBytes;
    if (now - last < 200 && !done) return;
    last = now;
    const left = at.secondsLeft === null ? '' : `, ${Math.ceil(at.secondsLeft)} s left`;
    progress(
      `${bytesText(at.bytes)} of ${bytesText(at.totalBytes)}, ${at.records} records, ${bytesText(at.bytesPerSecond)}/s${left}`,
      done,
    );
  };
}
