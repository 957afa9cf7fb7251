/** A session as a file: what is open by path and fingerprint, and everything that a person chose. docs/formats/session.md */
import { isPolicyVersion } from '../core/rollouts/policy-versions.ts';
import { isRewards, GROUPS, type RegardSettings } from '../core/rollouts/regard.ts';
import { notesOf } from '../core/notes/notes-file.ts';
import type { Note, Notes } from '../core/notes/notes.ts';
import { noteRecord } from '../core/notes/notes-file.ts';
import type { Budget, PruneRule } from '../core/model/rule.ts';
import { sealed, sealFault, type Sha256 } from '../core/model/seal.ts';
import { newestVersion, upgrade, type VersionedFile } from '../core/model/versions.ts';
import { get, getNumber, getString, isObject } from '../formats/json.ts';
import type { OpenSettings, TokenizerChoice } from './answers/opening.ts';
import { readPlainJson } from './plain-json.ts';
import { readBudget, readRule } from './read-rule.ts';

/** A file as it was when the session was saved. */
export interface SessionFile {
  readonly path: string;
  readonly bytes: number;
  /** Hash of its content or of parts of it, as `identity.ts` takes it; null: it could not be read. */
  readonly samples: string | null;
}

export interface SessionDocument {
  readonly name: string;
  /** ISO 8601. */
  readonly saved: string;
  /** Fingerprint of the forest; null where not all was read. */
  readonly data: string | null;
  /** Where its one file was fetched from, or null. */
  readonly address: string | null;
  readonly files: readonly SessionFile[];
  readonly open: Omit<OpenSettings, 'tokenizer'> & {
    /** One of a person's own is named, and must be handed over again. */
    readonly tokenizer: string;
    /** Of one of their own, its fingerprint; absent in older files. */
    readonly tokenizerSha256?: string;
  };
  readonly rule: PruneRule;
  /** Null: the one that the log suggests. */
  readonly budget: Budget | null;
  readonly filter: string;
  readonly notes: Notes;
  /** Views and selection, as an address spells them. */
  readonly view: string;
  /** Panels, as the page keeps them; what the page does not know is left. */
  readonly layout: Readonly<Record<string, unknown>>;
}

/** What tells a tokenizer from others of its name: its file and what stands beside it. Undefined for one of ours. */
export function tokenizerSha256(tokenizer: TokenizerChoice, sha256: Sha256): string | undefined {
  if (tokenizer.kind !== 'huggingface') return undefined;
  const encoder = new TextEncoder();
  return sha256(encoder.encode(tokenizer.json), encoder.encode(`\0${tokenizer.config ?? ''}`));
}

/** Version 2: notes on tasks may have tags, which version 1 had not, so there is nothing to change in it. */
export const SESSION_FILE: VersionedFile<Readonly<Record<string, unknown>>> = { name: 'session', steps: [(session) => session] };

/** The file of a session. */
export function sessionText(document: SessionDocument, sha256: Sha256): string {
  const { notes, open, ...rest } = document;
  const written = { espalier_session: newestVersion(SESSION_FILE), ...rest, open, notes: notes.map((note: Note) => noteRecord(note)) };
  return `${sealed(JSON.stringify(written, null, 2), sha256)}\n`;
}

export type OpenedSession = { readonly ok: true; readonly session: SessionDocument } | { readonly ok: false; readonly reason: string };

/** The whole of it, or why nothing of it is used. */
export function openSessionFile(text: string, sha256: Sha256): OpenedSession {
  const refuse = (reason: string): OpenedSession => ({ ok: false, reason });
  const read = readPlainJson(text);
  if (!read.ok) return refuse(`expected JSON, ${read.reason}`);
  const { value } = read;
  if (!isObject(value) || get(value, 'espalier_session') === undefined) return refuse('expected a session file, found other JSON');
  const upgraded = upgrade(SESSION_FILE, get(value, 'espalier_session'), value);
  if (!upgraded.ok) return refuse(upgraded.reason);
  const fault = sealFault(new TextEncoder().encode(text), sha256);
  if (fault !== null) return refuse(`expected ${fault.expected}, found ${fault.found}`);
  const session = documentOf(upgraded.record);
  return typeof session === 'string' ? refuse(`expected ${session}, found something else`) : { ok: true, session };
}

/** Or what was expected. */
function documentOf(record: Readonly<Record<string, unknown>>): SessionDocument | string {
  const [name, saved, view] = ['name', 'saved', 'view'].map((member) => getString(record, member));
  if (name === undefined || saved === undefined || view === undefined) return 'a name, a date and a view';
  const files = get(record, 'files');
  if (!Array.isArray(files) || !files.every((file) => isSessionFile(file))) return 'files with a path, a length and a fingerprint';
  const open = openOf(get(record, 'open'));
  if (typeof open === 'string') return open;
  const rule = readRule(get(record, 'rule'));
  if (rule === null) return 'a rule';
  const told = get(record, 'budget');
  const budget = told === null ? null : readBudget(told);
  if (told !== null && budget === null) return 'a budget of two shares, or none';
  const notes = get(record, 'notes');
  const read = Array.isArray(notes) ? notesOf(notes) : null;
  if (read?.ok !== true) return 'notes on tasks, rollouts and nodes';
  const layout = get(record, 'layout');
  if (!isObject(layout)) return 'a layout';
  return {
    name,
    saved,
    view,
    files,
    open,
    rule,
    budget,
    notes: read.notes,
    filter: getString(record, 'filter') ?? '',
    data: getString(record, 'data') ?? null,
    address: getString(record, 'address') ?? null,
    layout,
  };
}

function isSessionFile(value: unknown): value is SessionFile {
  const samples = get(value, 'samples');
  const bytes = getNumber(value, 'bytes');
  return getString(value, 'path') !== undefined && bytes !== undefined && bytes >= 0 && (samples === null || typeof samples === 'string');
}

/** Or what was expected. */
function openOf(value: unknown): SessionDocument['open'] | string {
  const tokenizer = getString(value, 'tokenizer');
  const memoryTools = get(value, 'memoryTools');
  const maxNodeTokens = get(value, 'maxNodeTokens');
  if (tokenizer === undefined) return 'the name of a tokenizer';
  const fingerprint = get(value, 'tokenizerSha256');
  if (fingerprint !== undefined && typeof fingerprint !== 'string') return 'the fingerprint of a tokenizer';
  if (!Array.isArray(memoryTools) || !memoryTools.every((word) => typeof word === 'string')) return 'names of memory tools';
  if (maxNodeTokens !== null && !(typeof maxNodeTokens === 'number' && Number.isInteger(maxNodeTokens) && maxNodeTokens > 0))
    return 'a longest node in tokens, or none';
  const told = get(value, 'group');
  const group = told === undefined ? undefined : GROUPS.find((each) => each === told);
  if (told !== undefined && group === undefined) return `groups by ${GROUPS.join(', ')}`;
  const rewards = get(value, 'rewards');
  if (rewards !== undefined && !isRewards(rewards)) return 'rewards by rollout';
  const statusRewards = get(value, 'statusRewards');
  if (statusRewards !== undefined && !isStatusRewards(statusRewards)) return 'rewards by status';
  const policyVersion = get(value, 'policyVersion');
  if (policyVersion !== undefined && !isPolicyVersion(policyVersion)) return 'a version of the policy';
  const joins = get(value, 'joins');
  if (joins !== undefined && typeof joins !== 'boolean') return 'whether files beside the logs are joined';
  const mapping = get(value, 'mapping');
  return {
    tokenizer,
    ...(fingerprint === undefined ? {} : { tokenizerSha256: fingerprint }),
    memoryTools,
    maxNodeTokens,
    ...(group === undefined ? {} : { group }),
    ...(rewards === undefined ? {} : { rewards }),
    ...(statusRewards === undefined ? {} : { statusRewards }),
    ...(policyVersion === undefined ? {} : { policyVersion }),
    ...(joins === undefined ? {} : { joins }),
    ...(mapping === undefined ? {} : { mapping }),
  };
}

function isStatusRewards(value: unknown): value is NonNullable<RegardSettings['statusRewards']> {
  return (
    Array.isArray(value) &&
    value.every((entry: unknown) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && Number.isFinite(entry[1]))
  );
}
