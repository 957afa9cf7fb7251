/** The straightforward way to a prefix forest: the whole file as text, JSON.parse on every line, a library's tokenizer, a Map trie. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { readFile } from 'node:fs/promises';
import { insertIntoTrie, makeTrieForest, type TrieForest } from './map-trie.ts';

const START = 200_264;
const END = 200_265;
const SEPARATOR = 200_266;
const PLAIN = { disallowedSpecial: new Set<string>() };

interface ChatRecord {
  readonly task_id: string;
  readonly messages: readonly {
    readonly role: string;
    readonly content: string;
    readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
  }[];
}

async function records<T>(path: string): Promise<T[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Messages between the same marks as ours, so that both sides count the same tokens. */
export async function openChatNaively(path: string): Promise<TrieForest> {
  const forest = makeTrieForest();
  for (const { task_id: task, messages } of await records<ChatRecord>(path)) {
    const ids: number[] = [];
    for (const { role, content, tool_calls: calls } of messages) {
      ids.push(START, ...encode(role, PLAIN), SEPARATOR);
      for (const id of encode(content, PLAIN)) ids.push(id);
      for (const { function: called } of calls ?? []) {
        const text = `<tool_call>\n{"name": ${JSON.stringify(called.name)}, "arguments": ${called.arguments}}\n</tool_call>\n`;
        for (const id of encode(text, PLAIN)) ids.push(id);
      }
      ids.push(END);
    }
    insertIntoTrie(forest, task, ids);
  }
  return forest;
}

interface TokenRecord {
  readonly token_ids: readonly number[];
  readonly loss_mask: readonly boolean[];
}

/** A task is a prompt: what precedes the first sampled id. */
export async function openTokensNaively(path: string): Promise<TrieForest> {
  const forest = makeTrieForest();
  for (const { token_ids: ids, loss_mask: mask } of await records<TokenRecord>(path)) {
    const prompt = ids.slice(0, mask.indexOf(true));
    insertIntoTrie(forest, prompt.join(' '), ids);
  }
  return forest;
}
