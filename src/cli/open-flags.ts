/** The flags that every command has in common, as settings of opening; and its progress on stderr. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress, type OpenSettings, type TokenizerChoice } from '../engine/answers/opening.ts';
import { mappingFault } from '../engine/format-by-id.ts';
import { bytesText } from './text/figures.ts';
import { UsageError } from './usage.ts';

/** What `parseArgs` is told of them. */
export const OPEN_OPTIONS = {
  tokenizer: { type: 'string' },
  mapping: { type: 'string' },
  'memory-tools': { type: 'string' },
  'max-node-tokens': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type OpenFlags = { readonly [K in Exclude<keyof typeof OPEN_OPTIONS, 'help'>]?: string | undefined };

export function openSettings(flags: OpenFlags): OpenSettings {
  const maxNodeTokens = flags['max-node-tokens'] === undefined ? null : Number(flags['max-node-tokens']);
  if (maxNodeTokens !== null && !(Number.isInteger(maxNodeTokens) && maxNodeTokens > 0))
    throw new UsageError(`--max-node-tokens: expected a whole number above 0, found ${flags['max-node-tokens']}`);
  return {
    tokenizer: tokenizerChoice(flags.tokenizer),
    memoryTools: flags['memory-tools']?.split(',') ?? DEFAULT_OPEN_SETTINGS.memoryTools,
    maxNodeTokens,
    ...(flags.mapping === undefined ? {} : { mapping: readMappingFile(flags.mapping) }),
  };
}

function readMappingFile(path: string): unknown {
  const mapping = readJson('--mapping', path);
  const fault = mappingFault(mapping);
  if (fault !== null) throw new UsageError(`--mapping: ${fault}`);
  return mapping;
}

/** `o200k_base`, or the path of a tokenizer.json; a tokenizer_config.json beside it is read too. */
function tokenizerChoice(flag: string | undefined): TokenizerChoice {
  if (flag === undefined || flag === 'o200k_base') return { kind: 'o200k_base' };
  const json = readText('--tokenizer', flag);
  const parsed = readJson('--tokenizer', flag);
  if (typeof parsed !== 'object' || parsed === null || !('model' in parsed))
    throw new UsageError(`--tokenizer: expected a tokenizer.json at ${flag}, found JSON without a model`);
  const name = basename(flag);
  try {
    return { kind: 'huggingface', name, json, config: readFileSync(join(dirname(flag), 'tokenizer_config.json'), 'utf8') };
  } catch {
    return { kind: 'huggingface', name, json };
  }
}

function readJson(flag: string, path: string): unknown {
  try {
    return JSON.parse(readText(flag, path)) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${flag}: expected JSON at ${path}: ${error.message}`);
  }
}

function readText(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`${flag}: no file at ${path}`);
  }
}

/** Progress on stderr when it is a terminal. */
export function openProgress(): (progress: OpenProgress) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let last = 0;
  return (progress) => {
    const now = Date.now();
    const done = progress.bytes >= progress.totalBytes;
    if (now - last < 200 && !done) return;
    last = now;
    const left = progress.secondsLeft === null ? '' : `, ${Math.ceil(progress.secondsLeft)} s left`;
    process.stderr.write(
      `\r\u001b[K${bytesText(progress.bytes)} of ${bytesText(progress.totalBytes)}, ` +
        `${progress.records} records, ${bytesText(progress.bytesPerSecond)}/s${left}${done ? '\n' : ''}`,
    );
  };
}
