/** The types of offline-files.mjs. */
import type { Plugin } from 'vite';

export function offlineFiles(): Plugin;
