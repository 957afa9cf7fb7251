/**
 * Fetching in Node. Each step of a redirect is looked at before it is taken: only to hosts that were allowed, never from an encrypted
 * connection to a plain one, and without what was for the first host alone.
 */
import { isLoopback } from '../../engine/hub-address.ts';
import { isAllowed, type FetchFrom } from '../web/fetch-from.ts';
import { AddressFault } from '../web/address-fault.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_STEPS = 10;

/** Rejects with AddressFault where a step is not taken, with a TypeError where no answer comes. */
export const fetchFrom: FetchFrom = async (url, { method = 'GET', hosts, redirect, signal, headers = {} }) => {
  let at = url;
  let sent = headers;
  for (let step = 0; ; step++) {
    if (!isAllowed(at, hosts)) throw new AddressFault(`${url.host} sends on to ${at.host}, which may not be asked.`);
    const answer = await fetch(at, { method, redirect: 'manual', signal, headers: sent });
    const to = REDIRECTS.includes(answer.status) ? answer.headers.get('location') : null;
    if (to === null || redirect === 'manual') return { answer, from: at.href, isRedirect: to !== null };
    await answer.body?.cancel();
    if (step === MOST_STEPS) throw new AddressFault(`${url.host} sends on more than ${MOST_STEPS} times.`);
    const next = URL.canParse(to, at.href) ? new URL(to, at) : null;
    if (next === null || !isSafe(at, next))
      throw new AddressFault(`${at.host} sends on to an address that may not be asked: ${shown(to)}.`);
    if (next.origin !== at.origin) sent = without(sent);
    at = next;
  }
};

/** An encrypted address leads to encrypted ones, and none but this machine's own to this machine. */
function isSafe(from: URL, to: URL): boolean {
  if (isLoopback(to.origin)) return isLoopback(from.origin);
  return to.protocol === 'https:' || to.protocol === from.protocol;
}

/** Without what tells who asks. */
function without(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

/** Without the query, which may be a signature. */
function shown(address: string): string {
  return address.slice(0, 200).replace(/[?#].*$/s, '');
}
