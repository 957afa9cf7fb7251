/** Replies of chat servers: alone, with their requests, with ids, with calls, with log-probs. */

const token = (text: string, logprob: number): object => ({
  token: text,
  logprob,
  bytes: null,
  top_logprobs: [
    { token: text, logprob },
    { token: '-', logprob: -2 },
  ],
});
const choice = (content: string, rest: object = {}): object => ({
  index: 0,
  finish_reason: 'stop',
  message: { role: 'assistant', content },
  logprobs: { content: [token(content, -0.5)] },
  ...rest,
});
const reply = { id: 'r1', object: 'chat.completion', model: 'm', created: 1_700_000_000, choices: [choice('Pear'), choice('Plum')] };
const request = {
  messages: [
    { role: 'user', content: 'Fruit?' },
    { role: 'assistant', content: 'Earlier.' },
    { role: 'user', content: 'Again?' },
  ],
  tools: [{ type: 'function', function: { name: 'pick', parameters: { type: 'object', properties: { row: { type: 'integer' } } } } }],
};
const call = { id: 'c1', type: 'function', function: { name: 'pick', arguments: '{"row": 3}' } };

export const REPLIES: readonly object[] = [
  reply,
  { request, response: reply },
  { request: { body: request }, response: { body: reply } },
  { ...reply, prompt_token_ids: [1, 2, 3], choices: [choice('Pear', { token_ids: [4] }), choice('Plum', { token_ids: [5, 6] })] },
  {
    request,
    response: {
      id: 'r2',
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: { role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [call] },
        },
      ],
    },
  },
];
