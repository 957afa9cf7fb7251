/** What the tests use of the sample generator; typed in index.d.mts. */
export { calculate } from './calculator.mjs';
export { generate } from './generate.mjs';
export { sample } from './mixture.mjs';
export { candidates } from './policy.mjs';
export { randomStream } from './random.mjs';
export { MAX_TURNS, score } from './rollout.mjs';
export { advance, compact, emptyState, summaryText } from './state.mjs';
export { makeTasks } from './tasks.mjs';
export { partTexts, tokens, utteranceTokens } from './template.mjs';
export { runTool } from './tools.mjs';
export { makeWorld } from './world.mjs';
