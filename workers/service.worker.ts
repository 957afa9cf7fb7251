/** The service worker: the page's own files without a network. Its list of files is written into it by the build. */
import { serveOffline, type AppFiles, type ServiceScope } from '../src/platform/browser/offline.ts';

declare const ESPALIER_FILES: AppFiles;

// A worker's own scope, which the compiler takes for a window.
const scope: unknown = globalThis;
const isScope = (value: unknown): value is ServiceScope => typeof value === 'object' && value !== null && 'skipWaiting' in value;
if (isScope(scope)) serveOffline(scope, ESPALIER_FILES);
