/** Whether an address is a repository of a hub: the first screen asks, before any is. */
import { hubAddress, isLoopback, type HubAddress } from '../../engine/hub-address.ts';

/** Null: no address of a repository. The page's own address may name another hub (`?hub=`), encrypted or on this machine. */
export function hubOf(address: string): HubAddress | null {
  const given = new URLSearchParams(location.search).get('hub');
  const hub = given !== null && URL.canParse(given) ? new URL(given) : null;
  const isGood = hub !== null && (hub.protocol === 'https:' || isLoopback(hub.origin));
  return isGood ? hubAddress(address, hub.origin) : hubAddress(address);
}
