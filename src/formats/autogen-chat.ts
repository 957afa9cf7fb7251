/** Conversations of AutoGen's agents: their messages and events, one a line or as a list. https://microsoft.github.io/autogen */
import { AUTOGEN_LINES, isAutogenMessage } from './autogen-messages.ts';
import { sessionFormat } from './session-format.ts';

export const autogenChat = sessionFormat({
  ...AUTOGEN_LINES,
  id: 'autogen-chat',
  label: 'AutoGen conversations',
  beats: ['chat', 'langchain'],
  detects: isAutogenMessage,
});
