/** `--session FILE`: the settings, rule, budget, marks, notes and verdicts that a page has saved, for the same bytes here. */
import { openSessionFile, tokenizerSha256, type SessionDocument } from '../engine/session-file.ts';
import type { OpenSettings } from '../engine/answers/opening.ts';
import { prepareSha256, sha256Now } from '../engine/export/hash.ts';
import { mergeNotes, NO_NOTES, withLabels, type Notes } from '../core/notes/notes.ts';
import type { InputFile } from '../engine/input-file.ts';
import { readFlagFile } from './flag-files.ts';
import { openSettings, type OpenFlags } from './open-flags.ts';
import { notesOfFlag } from './notes-flag.ts';
import { withTagsOfFlag } from './tags-flag.ts';
import { judgedBy } from './verdicts-flag.ts';
import { note } from './streams.ts';
import { UsageError } from './usage.ts';

/** What help says of notes beside it. */
export const NOTES_HELP = `\
  --notes FILE           notes, labels and tags that the page saved (JSONL), for filters that ask for them: label:late
  --tags FILE            tags of tasks (CSV or JSONL with task, axis, tag; docs/axes.md), for filters: language:python`;

/** What help says of it where a command takes all that the session says of reading. */
export const SESSION_HELP = `\
  --session FILE         settings, filter, notes and verdicts of a session that the page saved; flags come first
${NOTES_HELP}`;

/** What `parseArgs` is told of what a person has said. */
export const SAID_OPTIONS = { session: { type: 'string' }, notes: { type: 'string' }, tags: { type: 'string' } } as const;

/** Null where the flag is not given. */
export async function readSession(path: string | undefined): Promise<SessionDocument | null> {
  if (path === undefined) return null;
  await prepareSha256();
  const opened = openSessionFile(readFlagFile('--session', path).toString('utf8'), sha256Now);
  if (!opened.ok) throw new UsageError(`--session: ${path}: ${opened.reason}`);
  return opened.session;
}

/** What to open logs with: what flags say, the verdicts that they name, and what the session says besides. Throws UsageError. */
export async function openOptions(
  flags: OpenFlags & Readonly<Record<string, unknown>>,
  session: SessionDocument | null,
  inputs: readonly InputFile[],
): Promise<OpenSettings & { readonly notes: Notes }> {
  const settings = sessionSettings(openSettings(flags), session, flags);
  const told = mergeNotes(session?.notes ?? NO_NOTES, notesOfFlag(typeof flags['notes'] === 'string' ? flags['notes'] : undefined));
  const tagged = await withTagsOfFlag(told, typeof flags['tags'] === 'string' ? flags['tags'] : undefined);
  const { settings: judged, labels } = await judgedBy(settings, flags.verdicts, inputs);
  return {
    ...judged,
    notes: withLabels(
      tagged,
      labels.map(([key, label]) => ({ subject: { kind: 'rollout' as const, key }, label })),
    ),
  };
}

/** The settings of the session, with those that flags name in their place. */
function sessionSettings(settings: OpenSettings, session: SessionDocument | null, flags: Readonly<Record<string, unknown>>): OpenSettings {
  if (session === null) return settings;
  const { tokenizer, tokenizerSha256: fingerprint, ...open } = session.open;
  const isNamed = settings.tokenizer.kind === 'huggingface' ? settings.tokenizer.name === tokenizer : settings.tokenizer.kind === tokenizer;
  if (!isNamed && flags['tokenizer'] === undefined)
    throw new UsageError(`--session: it was saved with the tokenizer ${tokenizer}; name its tokenizer.json with --tokenizer`);
  const own = tokenizerSha256(settings.tokenizer, sha256Now);
  if (isNamed && fingerprint !== undefined && own !== fingerprint)
    note(`note: the session was saved with another tokenizer.json of the name ${tokenizer}; tokens and nodes may be others`);
  const said = (flag: string): boolean => flags[flag] !== undefined;
  return {
    ...open,
    tokenizer: settings.tokenizer,
    ...(said('memory-tools') ? { memoryTools: settings.memoryTools } : {}),
    ...(said('max-node-tokens') ? { maxNodeTokens: settings.maxNodeTokens } : {}),
    ...(said('group') ? { group: settings.group ?? 'task' } : {}),
    ...(said('status-reward') ? { statusRewards: settings.statusRewards ?? [] } : {}),
    ...(said('policy-version') ? { policyVersion: settings.policyVersion } : {}),
    ...(said('no-joins') ? { joins: false } : {}),
    ...(said('mapping') ? { mapping: settings.mapping } : {}),
  };
}
