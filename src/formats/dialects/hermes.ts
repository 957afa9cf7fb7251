/**
 * Hermes and Qwen 2.5/3: `<tool_call>{"name", "arguments"}</tool_call>`, results in `<tool_response>`, thoughts in `<think>`.
 * Also what reads an answer that has no marks at all.
 */
import { callPart } from '../call-part.ts';
import { answerWith, markedCalls, unwrap } from './blocks.ts';
import type { CallDialect } from './dialect.ts';
import { RESULT_OPEN, TOOL_CALL, toolResponses } from './tool-tags.ts';

/** A body that is no JSON is a call all the same: its tool is unknown. */
const nextCall = markedCalls(TOOL_CALL, (body) => callPart(body) ?? { text: unwrap(body) });

export const hermes: CallDialect = {
  id: 'hermes',
  label: 'Hermes, Qwen',
  source: 'https://github.com/NousResearch/Hermes-Function-Calling',
  beats: [],
  readsUnmarked: true,
  detects: (text) => text.includes(TOOL_CALL.open) || text.includes(RESULT_OPEN),
  answer: (text) => answerWith(text, nextCall),
  results: toolResponses,
};
