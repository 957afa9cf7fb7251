/**
 * Addresses that lead on once and soon: commands are seen by everybody on a machine, so what a browser is opened on is nothing that can
 * be used afterwards.
 */
import { randomBytes } from 'node:crypto';

export interface Ways {
  /** @param to path and query on this server. @returns a path that leads there */
  add(to: string): string;
  /** Where a target leads, for the first who asks; null: nowhere, or not any more. */
  take(target: string): string | null;
}

/** By then the browser has asked. */
const OPENED_MS = 60_000;

/** @param folder path that they lie below, which holds nothing else */
export function makeWays(folder: string): Ways {
  const ways = new Map<string, string>();
  return {
    add(to) {
      const path = folder + randomBytes(24).toString('base64url');
      ways.set(path, to);
      setTimeout(() => ways.delete(path), OPENED_MS).unref();
      return path;
    },
    take(target) {
      if (!URL.canParse(target, 'http://localhost')) return null;
      const path = new URL(target, 'http://localhost').pathname;
      const to = ways.get(path) ?? null;
      ways.delete(path);
      return to;
    },
  };
}
