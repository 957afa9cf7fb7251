/** All ways of writing thoughts and calls in text. */
import { deepseek } from './deepseek.ts';
import type { CallDialect } from './dialect.ts';
import { glm } from './glm.ts';
import { harmony } from './harmony.ts';
import { hermes } from './hermes.ts';
import { kimi } from './kimi.ts';
import { llama3 } from './llama3.ts';
import { mistral } from './mistral.ts';
import { qwen3Coder } from './qwen3-coder.ts';

/** In any order: where the marks of several stand in a text, `beats` decides. */
export const DIALECTS: readonly CallDialect[] = [deepseek, glm, harmony, hermes, kimi, llama3, mistral, qwen3Coder];
