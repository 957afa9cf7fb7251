/** What a user did wrong, and files written where a user said. */
import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ExportSink } from '../core/export/sink.ts';
import { MANIFEST_NAME } from '../engine/export/run.ts';
import { faultOf } from '../platform/node/fault.ts';
import { writeFileAt, writeIntoFolder } from '../platform/node/folder-sink.ts';

/** Bad usage: told to the user in one sentence, exit code 2. */
export class UsageError extends Error {}

/** Files written into a folder, all or none. Rejects with FolderInUse, or with a FileFault where the system refuses. */
export function intoFolder<T>(folder: string, write: (sink: ExportSink) => Promise<T>): Promise<T> {
  return writeIntoFolder(folder, MANIFEST_NAME, write);
}

/** One file, whole or not at all. Rejects as `intoFolder` does. @param pieces its bytes, or its text in UTF-8 */
export function intoFile(path: string, pieces: Iterable<string | Uint8Array<ArrayBuffer>>): Promise<void> {
  const encoder = new TextEncoder();
  return writeFileAt(path, async (sink) => {
    const file = await sink.open(path);
    for (const piece of pieces) await file.write(typeof piece === 'string' ? encoder.encode(piece) : piece);
    await file.close();
  });
}

/** Throws UsageError where a folder cannot be written to, before any work is done for it; it need not be there. */
export function refuseFolder(folder: string, flag = '--out'): void {
  const there = existsSync(folder) ? statSync(folder) : undefined;
  if (there?.isDirectory() === false)
    throw new UsageError(`${flag}: expected a folder, found a ${isDevice(there) ? 'device' : 'file'} at ${folder}`);
  if (isLinkToNothing(folder)) throw new UsageError(`${flag}: cannot write to ${folder}: it is a link to nothing`);
  refusePlace(folder, folder, flag);
}

/** Throws UsageError where a file cannot be written. */
export function refuseFile(path: string, flag = '--out'): void {
  const there = existsSync(path) ? statSync(path) : undefined;
  if (existsSync(dirname(resolve(path))) && !statSync(dirname(resolve(path))).isDirectory())
    throw new UsageError(`${flag}: cannot write to ${path}: ${dirname(path)} is no folder`);
  if (there?.isDirectory() === true || !(there !== undefined || existsSync(dirname(resolve(path)))))
    throw new UsageError(`${flag}: expected a file in a folder that exists, found ${path}`);
  if (isLinkToNothing(path)) throw new UsageError(`${flag}: cannot write to ${path}: it is a link to nothing`);
  if (there?.isBlockDevice() === true) throw new UsageError(`${flag}: cannot write to ${path}: it is a disk, of which all would be lost`);
  refusePlace(path, there !== undefined && !there.isFile() ? path : dirname(resolve(path)), flag);
}

/** File systems that show what the system does, by the numbers that Linux gives them. */
const SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x9fa0, 'the processes of this machine (procfs)'],
  [0x62656572, 'the devices of this machine (sysfs)'],
  [0x63677270, 'the control groups of this machine (cgroup)'],
]);

function isDevice(stats: Stats): boolean {
  return stats.isBlockDevice() || stats.isCharacterDevice();
}

/** @param place must be there and may be written to, or be made in the nearest folder above */
function refusePlace(shown: string, place: string, flag: string): void {
  let at = resolve(place);
  try {
    while (statSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at);
    const system = SYSTEMS.get(statfsSync(at).type);
    if (system !== undefined) throw new UsageError(`${flag}: cannot write to ${shown}: ${at} belongs to ${system}, which keeps no files`);
    accessSync(at, constants.W_OK);
  } catch (error) {
    const fault = faultOf(`${flag}: cannot write to ${shown}`, error);
    throw fault === null ? error : new UsageError(fault.message);
  }
}

function isLinkToNothing(path: string): boolean {
  try {
    return !existsSync(path) && lstatSync(path).isSymbolicLink();
  } catch {
    return false; // Nothing is there; what keeps it from being made is said where that is tried.
  }
}
