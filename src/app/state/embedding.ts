/** The page inside another one: whether it is, and whose files wait for a person's word. */
import { create } from 'zustand';
import { keepStored, readStored } from './stored.ts';

export interface SentFile {
  readonly path: string;
  readonly blob: Blob;
}

/** Files that another page sent, until the person says whether they are opened. */
export interface Sent {
  readonly origin: string;
  readonly files: readonly SentFile[];
  /** Tells that page what became of them. */
  readonly answer: (told: Told) => void;
}

export type Told = { readonly opened: true; readonly problem: string } | { readonly opened: false; readonly problem: string };

export const useEmbedding = create<{ readonly waiting: Sent | null }>()(() => ({ waiting: null }));

const KEY = 'espalier-senders';

/** Where the browser keeps nothing, as it often does for a page inside another, until the page is left. */
const trusted = new Set<string>();

/** Origins whose files a person lets in unasked. */
export function trustedSenders(): readonly string[] {
  return [...trusted, ...(readStored(KEY) ?? '').split(' ').filter((each) => each !== '')];
}

export function trustSender(origin: string): void {
  trusted.add(origin);
  keepStored(KEY, [...new Set([...trustedSenders(), origin])].join(' '));
}

/** Shown inside a page that brings the logs: `?mode=embedded`. */
export function isEmbedded(): boolean {
  return new URLSearchParams(location.search).get('mode') === 'embedded';
}
