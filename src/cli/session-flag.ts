/** `--session FILE`: the settings, rule, budget, marks, notes and verdicts that a page has saved, for the same bytes here. */
import { openSessionFile, type SessionDocument } from '../engine/session-file.ts';
import type { OpenSettings } from '../engine/answers/opening.ts';
import { prepareSha256, sha256Now } from '../engine/export/hash.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

/** Null where the flag is not given. */
export async function readSession(path: string | undefined): Promise<SessionDocument | null> {
  if (path === undefined) return null;
  await prepareSha256();
  const opened = openSessionFile(readFlagFile('--session', path).toString('utf8'), sha256Now);
  if (!opened.ok) throw new UsageError(`--session: ${path}: ${opened.reason}`);
  return opened.session;
}

/** The settings of the session, with those that flags name in their place. */
export function sessionSettings(
  settings: OpenSettings,
  session: SessionDocument | null,
  flags: Readonly<Record<string, unknown>>,
): OpenSettings {
  if (session === null) return settings;
  const { tokenizer, ...open } = session.open;
  const isNamed = settings.tokenizer.kind === 'huggingface' ? settings.tokenizer.name === tokenizer : settings.tokenizer.kind === tokenizer;
  if (!isNamed && flags['tokenizer'] === undefined)
    throw new UsageError(`--session: it was saved with the tokenizer ${tokenizer}; name its tokenizer.json with --tokenizer`);
  const said = (flag: string): boolean => flags[flag] !== undefined;
  return {
    ...open,
    tokenizer: settings.tokenizer,
    ...(said('memory-tools') ? { memoryTools: settings.memoryTools } : {}),
    ...(said('max-node-tokens') ? { maxNodeTokens: settings.maxNodeTokens } : {}),
    ...(said('group') ? { group: settings.group ?? 'task' } : {}),
    ...(said('status-reward') ? { statusRewards: settings.statusRewards ?? [] } : {}),
    ...(said('mapping') ? { mapping: settings.mapping } : {}),
  };
}
