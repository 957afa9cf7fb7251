/** `--share FILE:PART` of `espalier prune`, and how parts are called. */
import { basename } from 'node:path';
import { readShare, type SharedPart } from '../engine/stream/share-file.ts';
import { sha256 } from '../platform/node/sha256.ts';
import { readFlagFile } from './flag-files.ts';
import { UsageError } from './usage.ts';

/** A part is called by the name of its curve's file. */
export function partName(path: string): string {
  return basename(path).replace(/\.[^.]*$/, '');
}

/** Throws UsageError. */
export function sharedPart(flag: string): SharedPart & { readonly ok: true } {
  const colon = flag.lastIndexOf(':');
  if (colon <= 0) throw new UsageError(`--share: expected FILE:PART, found ${flag}`);
  const path = flag.slice(0, colon);
  const text = readFlagFile('--share', path).toString('utf8');
  const read = readShare(text, flag.slice(colon + 1), sha256);
  if (!read.ok) throw new UsageError(`--share: ${path}: ${read.reason}`);
  return read;
}
