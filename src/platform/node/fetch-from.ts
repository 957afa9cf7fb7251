/**
 * Fetching in Node. Each step of a redirect is looked at before it is taken: only to hosts that were allowed, never from an encrypted
 * connection to a plain one, and without what was for the first host alone.
 */
import { isAllowed, type FetchFrom } from '../web/fetch-from.ts';
import { AddressFault, shownAddress } from '../web/address-fault.ts';
import { reachOf } from './host-reach.ts';

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_STEPS = 10;

/** Rejects with AddressFault where a step is not taken, with a TypeError where no answer comes. */
export const fetchFrom: FetchFrom = async (url, { method = 'GET', body, hosts, redirect, signal, headers = {} }) => {
  let at = url;
  let sent = headers;
  for (let step = 0; ; step++) {
    if (!isAllowed(at, hosts)) throw new AddressFault(`${url.host} sends on to ${at.host}, which may not be asked.`);
    const asks = body === undefined ? { method } : { method: 'POST', body };
    const answer = await fetch(at, { ...asks, redirect: 'manual', signal, headers: sent });
    const to = REDIRECTS.includes(answer.status) ? answer.headers.get('location') : null;
    if (to === null || redirect === 'manual' || body !== undefined) return { answer, from: at.href, isRedirect: to !== null };
    await answer.body?.cancel();
    if (step === MOST_STEPS) throw new AddressFault(`${url.host} sends on more than ${MOST_STEPS} times.`);
    const next = URL.canParse(to, at.href) ? new URL(to, at) : null;
    if (next === null || !isSafe(at, next))
      throw new AddressFault(`${at.host} sends on to an address that may not be asked: ${shownAddress(to)}.`);
    if (next.origin !== at.origin) sent = without(sent);
    at = next;
  }
};

/**
 * An encrypted address leads to encrypted ones, and none from outside into this machine or its network, whatever it calls them. Each step
 * is held to the one before, so what a person named decides.
 */
function isSafe(from: URL, to: URL): boolean {
  if (to.username !== '' || to.password !== '' || (to.hostname.endsWith('.') && to.host !== from.host)) return false;
  const [before, after] = [reachOf(from.hostname), reachOf(to.hostname)];
  if (after === 'machine') return before === 'machine';
  if (after === 'network' && before === 'world') return false;
  return to.protocol === 'https:' || to.protocol === from.protocol;
}

/** Without what tells who asks. */
function without(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
