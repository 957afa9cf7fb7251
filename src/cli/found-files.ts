/** PATH arguments to the files that they name: folders walked, each folder and each file once, however many links lead to it. */
import { accessSync, constants, existsSync, fstatSync, lstatSync, readdirSync, realpathSync, statSync, type BigIntStats } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { compareTexts } from '../core/tree/input-order.ts';
import { faultOf } from '../platform/node/fault.ts';
import { UsageError } from './usage.ts';

/** A file to open. */
export interface FoundFile {
  /** Absolute; `-` for standard input. */
  readonly file: string;
  /** How many of the last steps of its path are its name. */
  readonly shown: number;
  readonly isPipe: boolean;
  /** Further paths of the same file or of the folder it is in, and its own where it was named more than once. */
  readonly others: string[];
}

export const STDIN = '-';
const NOTHING_THERE = ['ENOENT', 'ENOTDIR'];

/** A path on the way: to a file, or to a folder that is still to be looked into. */
interface Step {
  readonly path: string;
  /** What it was found below; its own path where it was named. */
  readonly root: string;
  /** Links on the way to it, from the argument on. */
  readonly links: number;
}

interface Candidate extends Step {
  readonly identity: string;
  readonly isPipe: boolean;
}

/**
 * Every file at or below `paths`, ordered by path. Of several paths that lead to one file that one stays which has the fewest links
 * in it, then the first by name: neither the order of arguments nor that of folders decides. Throws UsageError for a path that does
 * not exist or may not be read. Hidden files and folders below a folder are left out, and so are pipes and devices.
 */
export function filesAt(paths: readonly string[]): FoundFile[] {
  const candidates: Candidate[] = [];
  const folders: Step[] = [];
  const take = (step: Step): void => {
    const stats = look(step.path);
    if (stats.isDirectory()) folders.push(step);
    else if (stats.isFile() || step.path === step.root)
      candidates.push({ ...step, identity: identityOf(step.path, stats), isPipe: !stats.isFile() });
  };
  for (const path of paths) {
    if (path === STDIN) candidates.push({ path, root: path, links: Infinity, identity: identityOfStdin(), isPipe: true });
    else take({ path: resolve(path), root: resolve(path), links: Number(isLink(path)) });
  }
  const walked = walk(folders, take);
  const ofIdentity = new Map<string, Candidate[]>();
  for (const candidate of candidates.sort(byRank)) {
    const same = ofIdentity.get(candidate.identity);
    if (same) same.push(candidate);
    else ofIdentity.set(candidate.identity, [candidate]);
  }
  const files = [...ofIdentity.values()].flatMap(([first, ...others]) => (first ? [found(first, others)] : []));
  files.sort((a, b) => compareTexts(a.file, b.file));
  // What leads to a folder once more is told at the first file of it.
  for (const { path, others } of walked)
    if (others.length > 0) addTo(files.find(({ file }) => file.startsWith(`${path}${sep}`))?.others ?? [], others);
  return files;
}

interface Walked {
  readonly path: string;
  /** Further paths of the same folder. */
  readonly others: string[];
}

/** Looks into each folder once: by a path of the fewest links, then of the fewest folders, then by the first name. */
function walk(folders: Step[], take: (step: Step) => void): Iterable<Walked> {
  const walked = new Map<string, Walked>();
  while (folders.length > 0) {
    const fewest = Math.min(...folders.map(({ links }) => links));
    const now = folders.filter(({ links }) => links === fewest).sort(byRank);
    folders.splice(0, Infinity, ...folders.filter(({ links }) => links !== fewest));
    for (const { path, root, links } of now) {
      const real = realpathSync(path);
      const known = walked.get(real);
      if (known) {
        if (known.path !== path) known.others.push(path);
        continue;
      }
      walked.set(real, { path, others: [] });
      for (const entry of entriesOf(path)) take({ path: join(path, entry), root, links: links + Number(isLink(join(path, entry))) });
    }
  }
  return walked.values();
}

/** Names of what is in a folder, without what is hidden and links to nothing. */
function entriesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => !entry.startsWith('.') && existsSync(join(folder, entry)))
    .sort(compareTexts);
}

function found(first: Candidate, others: readonly Candidate[]): FoundFile {
  const shownOf = ({ path, root }: Candidate): number => (path === root ? 1 : relative(root, path).split(sep).length + 1);
  // Of a path that is named twice the longer name.
  const shown = Math.max(...[first, ...others].filter(({ path }) => path === first.path).map(shownOf));
  const named: string[] = [];
  addTo(
    named,
    others.map(({ path }) => path),
  );
  return { file: first.path, shown, isPipe: first.isPipe, others: named };
}

/** In order, none twice. */
function addTo(paths: string[], more: readonly string[]): void {
  const all = [...new Set([...paths, ...more])].sort(compareTexts);
  paths.splice(0, Infinity);
  for (const path of all) paths.push(path);
}

function byRank(a: Step, b: Step): number {
  if (a.links !== b.links) return a.links < b.links ? -1 : 1;
  return compareTexts(a.path, b.path);
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false; // What is wrong with it is said where it is looked at.
  }
}

/** What is at a path, links followed. Throws UsageError where nothing is, or nothing that may be read. */
function look(path: string): BigIntStats {
  let stats: BigIntStats;
  try {
    stats = statSync(path, { bigint: true });
  } catch (error) {
    const fault = faultOf(`cannot read ${path}`, error);
    if (fault === null) throw error;
    throw new UsageError(NOTHING_THERE.includes(fault.code) ? `no file or folder at ${path}` : fault.message);
  }
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new UsageError(`no permission to read ${path}`);
  }
  return stats;
}

/** The same for two paths of one file. Throws where nothing is. */
export function fileIdentity(path: string): string {
  return identityOf(path, statSync(path, { bigint: true }));
}

/** A number tells files of several names only: not every file system gives each its own. */
function identityOf(path: string, { dev, ino, nlink }: BigIntStats): string {
  return nlink > 1n && ino > 0n ? `${dev}:${ino}` : realpathSync(path);
}

/** That of the file or pipe which standard input is read from. */
function identityOfStdin(): string {
  try {
    const stats = fstatSync(0, { bigint: true });
    return stats.nlink > 1n && stats.ino > 0n ? `${stats.dev}:${stats.ino}` : realpathSync('/dev/stdin');
  } catch {
    return STDIN;
  }
}
