/** Files that come to what is open, or go from it: commands, one after another, so that the session has what the choices say. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { OpenProgress } from '../../engine/answers/opening.ts';
import { inputNames } from '../../engine/input-names.ts';
import { inInputOrder } from '../../engine/input-order.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { useChoices } from '../state/choices.ts';
import { joinOrigins } from '../state/opened.ts';
import type { Opening, Origin } from '../state/opened.ts';
import { ask, client } from './client.ts';
import { factsKey, isAbort } from './facts.ts';

const GROWING = ['growing'] as const;

/** How an addition stands. */
export interface Growing {
  readonly files: number;
  readonly progress: OpenProgress | null;
}

/** Files that the session has open, by the request that it was asked to open first. */
let held: { readonly id: number; readonly files: readonly InputBlob[] } = { id: 0, files: [] };
let lane: Promise<unknown> = Promise.resolve();

/** The session is asked to open these, in place of all others. */
export function hold({ id, files }: Opening): void {
  held = { id, files };
}

/**
 * Reads further files into what is open, which stays as it was where none of them holds a rollout.
 * @returns a sentence for the person; empty where there is nothing to say
 */
export function addFiles(files: readonly InputBlob[], origin: Origin): Promise<string> {
  return next(() => add(files, origin, false)).then(({ sentence }) => sentence);
}

/**
 * The same for files that came to a folder which is followed: nobody did anything, so it is no step of undo.
 * @param id of the request that the folder belongs to: where another one is open by then, nothing is added
 */
export function addComing(files: readonly InputBlob[], id: number): Promise<Added> {
  return next(async () => {
    const { opening } = useChoices.getState();
    return opening?.id === id ? add(files, opening.origin, true) : { rollouts: 0, sentence: '' };
  });
}

/** How many rollouts came, and a sentence where none did. */
interface Added {
  readonly rollouts: number;
  readonly sentence: string;
}

/** What can be looked at again as it grows: a file with a handle, or one at an address. */
type Way = NonNullable<InputBlob['growing']>;

/**
 * From now on these files are read on as they grow: each is read anew once. No step: what is open stays open.
 * @returns sentences for the person on those that are not
 */
export function followOpened(ways: ReadonlyMap<InputBlob, Way>): Promise<readonly string[]> {
  return next(async () => {
    const { opening } = useChoices.getState();
    const problems: string[] = [];
    if (opening === null || opening.id !== held.id) return problems;
    const before = await ask((session) => session.facts());
    const files: InputBlob[] = [];
    for (const file of opening.files) {
      const growing = ways.get(file);
      if (growing === undefined) {
        files.push(file);
        continue;
      }
      const name = await nameOf(held.files, file);
      const { ended } = await ask((session) => session.followOpen(name, { path: file.path, growing }));
      files.push(ended === null ? { ...file, growing } : file);
      if (ended !== null) problems.push(`${name} is not followed: ${ended}.`);
    }
    const facts = await ask((session) => session.facts());
    held = { id: opening.id, files };
    tellFacts(opening.id, before, facts);
    useChoices.getState().arrive({ files, settings: opening.settings, origin: opening.origin });
    return problems;
  });
}

/** What has come in one look at files that grow. */
export interface ReadOn {
  readonly before: DatasetFacts;
  readonly facts: DatasetFacts;
  /** Files of which nothing more is read, with their names: why. */
  readonly ended: readonly { readonly file: InputBlob; readonly name: string; readonly why: string }[];
  /** Those that could not be read this time: why. */
  readonly unread: ReadonlyMap<InputBlob, string>;
}

/** Reads what has come to these files since they were looked at last; null where they are not open any more. */
export function readOn(files: readonly InputBlob[]): Promise<ReadOn | null> {
  return next(async () => {
    const { opening } = useChoices.getState();
    if (opening === null || opening.id !== held.id) return null;
    const open = files.filter((file) => held.files.includes(file));
    const names = await Promise.all(open.map((file) => nameOf(held.files, file)));
    const before = await ask((session) => session.facts());
    const answers = await ask((session) => session.pollAll(names));
    const facts = await ask((session) => session.facts());
    if (useChoices.getState().opening?.id !== opening.id) return null;
    const unread = new Map<InputBlob, string>();
    const ended: ReadOn['ended'][number][] = [];
    for (const answer of answers) {
      const file = open[names.indexOf(answer.name)];
      if (file === undefined) continue;
      if (answer.unread !== undefined) unread.set(file, answer.unread);
      if (answer.ended !== null) ended.push({ file, name: answer.name, why: answer.ended });
    }
    const figures = ({ fingerprint, issues, inputs }: DatasetFacts): string =>
      [fingerprint, issues, ...inputs.map(({ bytes, records }) => `${bytes} ${records}`)].join();
    if (figures(facts) !== figures(before)) tellFacts(opening.id, before, facts);
    return { before, facts, ended, unread };
  });
}

/** Until the session has what a step back or forth has made of the request. */
export function followGrowth(): void {
  useChoices.subscribe(({ opening }, before) => {
    if (opening === null || opening === before.opening || opening.id !== before.opening?.id) return;
    void next(() => settle(opening)).catch((error: unknown) => {
      const now = useChoices.getState();
      if (!isAbort(error)) now.set({ notice: reasonOf(error) });
      // The choices say what the session has, also where a step could not be carried out.
      if (now.opening?.id === held.id && now.opening.files !== held.files) now.regroup({ ...now.opening, files: held.files });
    });
  });
}

/** Undefined while nothing is added. */
export function useGrowing(): Growing | null {
  return useQuery<Growing | null>({ queryKey: GROWING, queryFn: skipToken, gcTime: Infinity }).data ?? null;
}

function next<T>(work: () => Promise<T>): Promise<T> {
  const result = lane.then(work);
  lane = result.catch(() => undefined);
  return result;
}

async function add(files: readonly InputBlob[], origin: Origin, isQuiet: boolean): Promise<Added> {
  const { opening } = useChoices.getState();
  const none = (sentence = ''): Added => ({ rollouts: 0, sentence });
  if (opening === null) return none();
  /** Another log may be opened at any time: none of this is for it. */
  const isOpen = (): boolean => useChoices.getState().opening?.id === opening.id;
  const tell = (progress: OpenProgress | null): void => {
    if (!isQuiet) client.setQueryData<Growing>(GROWING, { files: files.length, progress });
  };
  tell(null);
  try {
    const before = await ask((session) => session.facts());
    if (!isOpen()) return none();
    const facts = await ask((session) => session.append(files, tell));
    if (!isOpen()) return none();
    // A record that goes on with a rollout is of that rollout.
    if (readOf(facts) === readOf(before) && !saysMore(before, facts, isQuiet)) {
      const why = await takeBack(files, facts, isOpen);
      return none(`Nothing was added: ${why}`);
    }
    held = { id: opening.id, files: [...opening.files, ...files] };
    tellFacts(opening.id, before, facts);
    const opened = { files: held.files, settings: opening.settings, origin: isQuiet ? origin : joinOrigins(opening.origin, origin) };
    if (isQuiet) useChoices.getState().arrive(opened);
    else useChoices.getState().regroup(opened);
    return { rollouts: facts.rollouts - before.rollouts, sentence: '' };
  } catch (error) {
    if (isAbort(error)) return none();
    throw error;
  } finally {
    client.setQueryData(GROWING, null);
  }
}

function readOf({ rollouts, repeated }: DatasetFacts): number {
  return rollouts + repeated.merged;
}

/**
 * Whether files without rollouts say something of those that are open.
 * @param isQuiet more may come, of which such a file says something
 */
function saysMore(before: DatasetFacts, facts: DatasetFacts, isQuiet: boolean): boolean {
  const said = ({ joined, rewards }: DatasetFacts): string => JSON.stringify([joined, rewards]);
  return said(facts) !== said(before) || (isQuiet && facts.aside > before.aside);
}

/**
 * What was read of files without rollouts goes again. What is open may have had the name that one of them has now, so each is named
 * by where it stands among all of them.
 * @returns why they have none
 */
async function takeBack(files: readonly InputBlob[], facts: DatasetFacts, isOpen: () => boolean): Promise<string> {
  let all = [...held.files, ...files];
  const added = new Set(await Promise.all(files.map((file) => nameOf(all, file))));
  const { issues } = await ask((session) => session.issues(0, 10_000));
  const first = issues.find(
    ({ file, severity }) => severity === 'record' && facts.inputs.some((input) => input.name === file && added.has(input.file)),
  );
  for (const file of files) {
    const name = await nameOf(all, file);
    if (isOpen()) await ask((session) => session.remove(name));
    all = all.filter((other) => other !== file);
  }
  if (first === undefined) return 'these files hold no rollouts.';
  return `${first.file}: expected ${first.expected}, found ${first.found}.`;
}

async function settle({ id, files }: Opening): Promise<void> {
  if (held.id !== id) return;
  const gone = held.files.filter((file) => !files.includes(file));
  const come = files.filter((file) => !held.files.includes(file));
  if (gone.length + come.length === 0) return;
  const before = await ask((session) => session.facts());
  for (const file of gone) {
    const name = await nameOf(held.files, file);
    tellFacts(id, before, await ask((session) => session.remove(name)));
    held = { id, files: held.files.filter((other) => other !== file) };
  }
  if (come.length === 0) return;
  client.setQueryData<Growing>(GROWING, { files: come.length, progress: null });
  try {
    const onProgress = (progress: OpenProgress): void => void client.setQueryData<Growing>(GROWING, { files: come.length, progress });
    tellFacts(id, before, await ask((session) => session.append(come, onProgress)));
    held = { id, files };
  } finally {
    client.setQueryData(GROWING, null);
  }
}

/** What was chosen on the log before is chosen on this one now: growth is no other log. */
function tellFacts(id: number, before: DatasetFacts, facts: DatasetFacts): void {
  const choices = useChoices.getState();
  if (choices.madeOn === before.fingerprint) choices.set({ madeOn: null });
  client.setQueryData(factsKey(id), facts);
}

export const loadInputFile = () => import('../../platform/browser/input-file.ts');

/** The name under which the session has a file: of several with one path, by their order. */
export async function nameOf(files: readonly InputBlob[], file: InputBlob): Promise<string> {
  // The first screen stands without them.
  const [{ inputFile }, { fetchFrom }] = await Promise.all([loadInputFile(), import('../../../workers/fetch.ts')]);
  const ordered = await inInputOrder(
    files.map((each) => ({ each, input: inputFile(each.path, each.blob, fetchFrom) })),
    ({ input }) => input,
  );
  const names = inputNames(ordered.map(({ each }) => each.path));
  return names[ordered.findIndex(({ each }) => each === file)] ?? file.path;
}

function reasonOf(error: unknown): string {
  return `The files could not be changed: ${error instanceof Error ? error.message : String(error)}`;
}
