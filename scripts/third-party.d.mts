/** The types of third-party.mjs. */
import type { Plugin } from 'vite';

export function thirdParty(): { collect(): Plugin; readonly write: Plugin };
