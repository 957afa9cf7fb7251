/** Starts the page: theme, address, the session of an earlier visit, and React. */
import { QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import './theme.css';
import { App } from './app.tsx';
import { client } from './queries/client.ts';
import { followAddress } from './queries/fetching.ts';
import { followGrowth } from './queries/growing.ts';
import { followNotes } from './queries/notes.ts';
import { followOpenings } from './queries/opening.ts';
import { followChoices } from './state/address.ts';
import { useChoices } from './state/choices.ts';
import { forgetGone } from './state/following.ts';
import { keptMapping } from './state/kept-session.ts';
import { followTheme } from './state/theme.ts';
import { isEmbedded } from './state/embedding.ts';
import { resumeQuietly } from './views/entry/resume.ts';
import { keepFocus } from './keep-focus.ts';
import { keepForOffline } from './offline.ts';
import { ErrorBoundary } from './widgets/error-boundary.tsx';

followTheme();
keepFocus();
followChoices();
followAddress();
followOpenings();
followGrowth();
forgetGone();
followNotes();

// A page around this one asks until it is answered, and then sends its logs.
addEventListener('message', (event: MessageEvent<unknown>) => {
  const { data, origin, source } = event;
  // No message can be sent to an origin that has no name; this one says nothing.
  if (data === 'PING') source?.postMessage('PONG', { targetOrigin: /^https?:/.test(origin) ? origin : '*' });
  else if (source !== null && source !== window)
    void import('./messages.ts').then(({ takeMessage }) => takeMessage({ data, origin, source }));
});

const words = new URLSearchParams(location.search);
const address = words.get('url');
const served = words.get('view');
if (served) void openServedFiles(served);
else if (address) useChoices.getState().offerAddress(address);
else if (!isEmbedded())
  void keptMapping()
    .then((mapping) => mapping !== undefined && useChoices.getState().reopen({ mapping }))
    .then(resumeQuietly);

/** Files that the page's own server shares. */
async function openServedFiles(token: string): Promise<void> {
  const { openServed } = await import('./views/entry/open-served.ts');
  const problem = await openServed(token, 'new').catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (problem !== '') useChoices.getState().set({ notice: problem });
}

// Not before the page has what it needs itself.
if (import.meta.env.PROD && !isEmbedded()) addEventListener('load', () => void keepForOffline(), { once: true });

const root = document.getElementById('root');
if (!root) throw new Error('expected an element with the id root');
createRoot(root).render(
  createElement(ErrorBoundary, { name: 'Espalier' }, createElement(QueryClientProvider, { client }, createElement(App))),
);
