/** Saving what is open as a session, and opening one: from a file, from this browser, and with the files that it names. */
import { visible } from '../../base/visible.ts';
import { askToRead } from '../../platform/browser/permissions.ts';
import { readHandles } from '../../platform/browser/inputs.ts';
import { download } from '../../platform/browser/save.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { TokenizerChoice } from '../../engine/answers/opening.ts';
import type { SessionDocument, SessionFile } from '../../engine/session-file.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { readLayout, useLayout } from '../state/layout.ts';
import type { Origin } from '../state/opened.ts';
import { keepEntry, keepTokenizer, keptTokenizer, sawEntry, useSessions } from '../state/sessions.ts';
import type { Keeping, KeptEntry } from '../state/sessions.ts';
import { exact } from '../text/format.ts';
import { ask } from './client.ts';

/** Only who saves or opens one needs these. */
async function loadFormat() {
  const [{ openSessionFile, sessionText, tokenizerSha256 }, { prepareSha256, sha256Now }] = await Promise.all([
    import('../../engine/session-file.ts'),
    import('../../engine/export/hash.ts'),
  ]);
  await prepareSha256();
  return { openSessionFile, sessionText, tokenizerSha256: (choice: TokenizerChoice) => tokenizerSha256(choice, sha256Now), sha256Now };
}

/** The session as it is now. @param facts null: not all is read */
async function documentNow(
  name: string,
  facts: DatasetFacts | null,
): Promise<{ readonly document: SessionDocument; readonly origin: Origin }> {
  const choices = useChoices.getState();
  const { opening, openSettings, pruning, filter } = choices;
  if (opening === null) throw new Error('Nothing is open.');
  const files = await ask((session) => session.identify(opening.files));
  const { rule, budget, notes } = pruning.present;
  const { tokenizer, ...open } = openSettings;
  const sha256 = (await loadFormat()).tokenizerSha256(tokenizer);
  if (tokenizer.kind === 'huggingface' && sha256 !== undefined) await keepTokenizer(sha256, tokenizer);
  return {
    origin: opening.origin,
    document: {
      name,
      saved: new Date().toISOString(),
      data: facts?.complete === true ? facts.fingerprint : null,
      address: opening.origin.kind === 'address' ? opening.origin.address : null,
      files,
      open: { ...open, tokenizer: nameOf(tokenizer), ...(sha256 === undefined ? {} : { tokenizerSha256: sha256 }) },
      rule,
      budget,
      filter,
      notes,
      view: location.hash,
      layout: { ...useLayout.getState().layout },
    },
  };
}

function nameOf(tokenizer: TokenizerChoice): string {
  return tokenizer.kind === 'huggingface' ? tokenizer.name : tokenizer.kind;
}

/** As a download. */
export async function saveSession(name: string, facts: DatasetFacts | null): Promise<void> {
  const { document } = await documentNow(name, facts);
  const { sessionText, sha256Now } = await loadFormat();
  const text = sessionText(document, sha256Now);
  download({ name: `${name}.espalier.json`, blob: new Blob([text], { type: 'application/json' }) });
}

/** In this browser. @param replaces one of the name that this tab has not seen too */
export async function keepSession(name: string, facts: DatasetFacts | null, replaces: boolean): Promise<Keeping> {
  const { document, origin } = await documentNow(name, facts);
  const { sessionText, sha256Now } = await loadFormat();
  const handles = origin.kind === 'files' ? origin.handles : [];
  const files = document.files.map(({ path }) => path);
  return keepEntry({ name, saved: document.saved, files, text: sessionText(document, sha256Now), handles }, replaces);
}

/** From a file: waits for its files where they are not open. */
export async function openSessionText(path: string, text: string, handles: readonly FileSystemHandle[] = []): Promise<string> {
  const { openSessionFile, sha256Now } = await loadFormat();
  const opened = openSessionFile(text, sha256Now);
  if (!opened.ok) return `${visible(path)}: ${opened.reason}. Nothing of it is used.`;
  const { session } = opened;
  const { opening } = useChoices.getState();
  if (opening !== null && (await faultsOf(session, opening.files)).length === 0) {
    await apply(session, opening.files, opening.origin);
    return '';
  }
  if (session.address !== null && session.files.length === 1) useSessions.setState({ waiting: { session, handles: [] } });
  else useSessions.setState({ waiting: { session, handles } });
  return '';
}

/** Call it from a click: the browser may ask for permission. */
export async function openKept(entry: KeptEntry): Promise<string> {
  const problem = await openSessionText(entry.name, entry.text, entry.handles);
  if (problem === '') sawEntry(entry);
  const { waiting } = useSessions.getState();
  if (problem !== '' || waiting === null || entry.handles.length === 0) return problem;
  if (!(await askToRead(entry.handles))) return '';
  const paths = new Set(waiting.session.files.map(({ path }) => path));
  const files = (await readHandles(entry.handles)).filter(({ path }) => paths.has(path));
  return handOver(files, { kind: 'files', handles: entry.handles });
}

/** Files for the session that waits. @returns a sentence that names those that are not what they were; empty where all are */
export async function handOver(files: readonly InputBlob[], origin: Origin): Promise<string> {
  const { waiting } = useSessions.getState();
  if (waiting === null) return '';
  const faults = await faultsOf(waiting.session, files);
  const own = ownFiles(waiting.session, files);
  if (own.length === 0) return `None of these files is of the session ${visible(waiting.session.name)}: ${faults.join('; ')}.`;
  useSessions.setState({ waiting: null });
  await apply(waiting.session, own, origin);
  return faults.length === 0 ? '' : `The session is opened on other data than it was saved on: ${faults.join('; ')}.`;
}

/** Those of the session by path, else by the last step of it. */
function ownFiles(session: SessionDocument, files: readonly InputBlob[]): readonly InputBlob[] {
  return files.filter((file) => session.files.some(({ path }) => isOf(path, file)));
}

function isOf(path: string, file: InputBlob): boolean {
  return file.path === path || baseName(file.path) === baseName(path);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What of the session's files is missing or is another file now, in words. */
async function faultsOf({ files: expected }: SessionDocument, files: readonly InputBlob[]): Promise<string[]> {
  const found = await ask((session) => session.identify(files));
  const faults = expected.flatMap((file) => faultOf(file, found));
  return faults.length > 5 ? [...faults.slice(0, 5), `and ${exact(faults.length - 5)} more`] : faults;
}

function faultOf({ path, bytes, samples }: SessionFile, found: readonly SessionFile[]): string[] {
  const same = found.filter((file) => file.path === path || baseName(file.path) === baseName(path));
  if (same.length === 0) return [`${visible(path)} is missing`];
  if (same.some((file) => file.bytes === bytes && file.samples === samples)) return [];
  const [other] = same;
  const what = other?.bytes === bytes ? `${exact(bytes)} bytes, but others` : `${exact(bytes)} bytes then, ${exact(other?.bytes ?? 0)} now`;
  return [`the fingerprint of ${visible(path)} does not match (${what})`];
}

async function apply(session: SessionDocument, files: readonly InputBlob[], origin: Origin): Promise<void> {
  const { openSettings, resume } = useChoices.getState();
  const { tokenizer: name, tokenizerSha256: sha256, ...open } = session.open;
  const tokenizer = await tokenizerOf(name, sha256, openSettings.tokenizer);
  const layout = readLayout(session.layout);
  if (layout !== null) useLayout.getState().setLayout(layout);
  resume({ files, origin, settings: { ...open, tokenizer: tokenizer ?? { kind: 'o200k_base' } } }, session, session.view);
  if (tokenizer === null)
    useChoices
      .getState()
      .set({ notice: `The session was saved with the tokenizer ${visible(name)}: drop its tokenizer.json to have it again.` });
}

/** The one that a session names: that which is open, else one that this browser has kept; null: it must be dropped again. */
async function tokenizerOf(name: string, sha256: string | undefined, here: TokenizerChoice): Promise<TokenizerChoice | null> {
  if (name === 'o200k_base') return { kind: 'o200k_base' };
  // Older sessions say no more than the name.
  if (sha256 === undefined) return nameOf(here) === name ? here : null;
  const { tokenizerSha256 } = await loadFormat();
  return tokenizerSha256(here) === sha256 ? here : keptTokenizer(sha256);
}
