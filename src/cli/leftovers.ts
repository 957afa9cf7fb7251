/** What an earlier run left in the folder that a run writes to: removed where it certainly is that run's, else named. */
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sealFault } from '../core/model/seal.ts';
import { upgrade } from '../core/model/versions.ts';
import type { ExportSpec } from '../engine/answers/exporting.ts';
import { chosenProfiles } from '../engine/export/choose.ts';
import { mayWrite } from '../engine/export/file-names.ts';
import { sha256 } from '../engine/export/hash.ts';
import { MANIFEST_FILE, MANIFEST_SEALED } from '../engine/export/manifest.ts';
import { PROFILES } from '../engine/export/profiles/index.ts';
import { MANIFEST_NAME } from '../engine/export/run.ts';
import { sha256 as sha256Of } from '../platform/node/sha256.ts';
import { openFileSource } from '../platform/node/file-source.ts';

/** The files in a folder that a run may write over. */
export function filesAtRisk(folder: string, spec: ExportSpec): string[] {
  const profiles = chosenProfiles(spec).map(({ profile }) => profile);
  const folders = ['', ...profiles.map(({ fileName }) => dirname(fileName)).filter((name) => name !== '.')];
  const names = folders.flatMap((name) => {
    const path = join(folder, name);
    return existsSync(path) ? readdirSync(path).map((entry) => (name === '' ? entry : `${name}/${entry}`)) : [];
  });
  return names
    .filter((name) => name === MANIFEST_NAME || profiles.some((profile) => mayWrite(profile, name)))
    .map((name) => join(folder, name));
}

/**
 * Name -> SHA-256 of the files that the manifest in a folder names as written; empty where there is no such manifest.
 * To be read before a run writes its own.
 */
export function earlierOutputs(folder: string): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  for (const { name, sha256: hash } of readOutputs(join(folder, MANIFEST_NAME))) {
    if (typeof name === 'string' && typeof hash === 'string' && isExportName(name) && name !== MANIFEST_NAME) outputs.set(name, hash);
  }
  return outputs;
}

/**
 * Removes files that an earlier run wrote to `folder` and this one did not: those whose bytes have the SHA-256 that the
 * earlier manifest gives them, except inputs of this run.
 *
 * @param written names that this run wrote. @param inputs paths that it read
 * @returns a line for each file that was removed, or that stays although it has the name of an export.
 */
export async function removeLeftovers(
  folder: string,
  earlier: ReadonlyMap<string, string>,
  written: readonly string[],
  inputs: readonly string[],
): Promise<string[]> {
  const lines: string[] = [];
  const read = new Set(inputs.map(realPath));
  for (const name of new Set([...PROFILES.map(({ fileName }) => fileName), ...earlier.keys()])) {
    const path = join(folder, name);
    if (written.includes(name) || !isFile(folder, name)) continue;
    const reason = (await reasonToStay(path, earlier.get(name), read)) ?? remove(path);
    lines.push(reason === null ? `${name}  removed: an earlier run wrote it and this one did not` : `${name}  stays: ${reason}`);
  }
  return lines;
}

/** Null where the file is an earlier run's and nobody's else. */
async function reasonToStay(path: string, hash: string | undefined, read: ReadonlySet<string>): Promise<string | null> {
  if (read.has(realPath(path))) return 'this run read it';
  if (hash === undefined) return 'this run did not write it, and no manifest of an earlier run names it';
  try {
    return (await sha256(await openFileSource(path))) === hash ? null : 'it has changed since an earlier run wrote it';
  } catch (error) {
    return `it cannot be read (${messageOf(error)})`;
  }
}

/** @returns why that is not possible, or null. */
function remove(path: string): string | null {
  try {
    rmSync(path);
    return null;
  } catch (error) {
    return `it cannot be removed (${messageOf(error)})`;
  }
}

/** A file in the folder, or in a folder of a profile there: nothing above, and nothing absolute. */
function isExportName(name: string): boolean {
  const folder = dirname(name);
  return (
    /^[\w-][\w.-]*$/.test(basename(name)) && (name === basename(name) || PROFILES.some(({ fileName }) => dirname(fileName) === folder))
  );
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A link is not what a run wrote, nor is what lies behind one in the folder. */
function isFile(folder: string, name: string): boolean {
  if (name !== basename(name) && lstatSync(join(folder, dirname(name)), { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
}

function readOutputs(path: string): { name?: unknown; sha256?: unknown }[] {
  try {
    const bytes = readFileSync(path);
    const written: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof written !== 'object' || written === null || !('espalier_manifest' in written)) return [];
    const isSealed = 'sha256' in written || Number(written.espalier_manifest) >= MANIFEST_SEALED;
    // Of a manifest that has changed nothing is believed.
    if (isSealed && sealFault(bytes, sha256Of) !== null) return [];
    const upgraded = upgrade(MANIFEST_FILE, written.espalier_manifest, written);
    if (!upgraded.ok) return [];
    const { record: manifest } = upgraded;
    if (typeof manifest !== 'object' || manifest === null || !('outputs' in manifest) || !Array.isArray(manifest.outputs)) return [];
    return manifest.outputs.filter((output): output is object => typeof output === 'object' && output !== null);
  } catch {
    return [];
  }
}
