/** Keeps the page for times without a network, and tells where a newer one waits. Nothing of a log is ever kept this way. */
import type { TakeOver } from '../platform/browser/offline.ts';
import { ownAddress } from '../platform/browser/bound-workers.ts';
import { useOffline } from './state/offline.ts';

const HOUR_MS = 3_600_000;

let waiting: ServiceWorker | null = null;

/** Only the built page has a service worker. Where the browser refuses one, the page works as it is. */
export async function keepForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const address = new URL('service-worker.js', document.baseURI);
    const registration = await navigator.serviceWorker.register(ownAddress(address), { updateViaCache: 'none' });
    const look = (): void => {
      waiting = registration.waiting;
      // The first of all versions waits for none and is no newer one.
      useOffline.setState({ isKept: registration.active !== null, isNewer: waiting !== null && registration.active !== null });
    };
    const follow = (worker: ServiceWorker | null): void => worker?.addEventListener('statechange', look);
    registration.addEventListener('updatefound', () => follow(registration.installing));
    for (const worker of [registration.installing, registration.waiting, registration.active]) follow(worker);
    look();
    let lookedAt = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - lookedAt < HOUR_MS) return;
      lookedAt = Date.now();
      void registration.update().catch(() => undefined);
    });
  } catch {
    // Blocked storage, a private window, a host without HTTPS.
  }
}

/** The newer version takes over, and this tab shows it. */
export function takeNewer(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  const message: TakeOver = 'take over';
  waiting?.postMessage(message);
}
