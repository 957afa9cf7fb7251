import { expect, it } from 'vitest';
import { hubAddress, isLoopback, nextPage, resolveAddress, revisionAddress, treeAddress } from '../../../src/engine/hub-address.ts';

it.each([
  ['hf://datasets/org/logs', 'datasets', 'org/logs', 'main', ''],
  ['hf://datasets/org/logs@v1/runs/a.jsonl', 'datasets', 'org/logs', 'v1', 'runs/a.jsonl'],
  ['hf://datasets/org/logs@refs%2Fpr%2F1/runs', 'datasets', 'org/logs', 'refs/pr/1', 'runs'],
  ['hf://org/model/evals', 'models', 'org/model', 'main', 'evals'],
  ['hf://spaces/org/demo', 'spaces', 'org/demo', 'main', ''],
  ['https://huggingface.co/datasets/org/logs', 'datasets', 'org/logs', 'main', ''],
  ['https://huggingface.co/datasets/org/logs/tree/main/runs', 'datasets', 'org/logs', 'main', 'runs'],
  ['https://huggingface.co/datasets/org/logs/blob/v2/a%20b.jsonl', 'datasets', 'org/logs', 'v2', 'a b.jsonl'],
  ['https://huggingface.co/datasets/org/logs/viewer/default/train', 'datasets', 'org/logs', 'main', ''],
])('reads %s', (address, kind, repository, revision, path) => {
  expect(hubAddress(address)).toMatchObject({ hub: 'https://huggingface.co', kind, repository, revision, path });
});

it.each([
  'https://huggingface.co/datasets/org/logs/resolve/main/a.jsonl',
  'https://huggingface.co/org/model',
  'https://example.org/datasets/org/logs',
  'hf://',
  'hf://org',
  'hf://datasets/org',
  'hf://datasets/org/../x',
  'samples/a.jsonl',
])('does not take %s for a repository', (address) => expect(hubAddress(address)).toBeNull());

it('spells what the hub is asked', () => {
  const at = hubAddress('hf://datasets/org/logs@refs%2Fpr%2F1/a b')!;
  expect(treeAddress(at)).toBe('https://huggingface.co/api/datasets/org/logs/tree/refs%2Fpr%2F1/a%20b?recursive=true');
  expect(revisionAddress(at)).toBe('https://huggingface.co/api/datasets/org/logs/revision/refs%2Fpr%2F1');
  expect(resolveAddress(at, 'a b/c#.jsonl')).toBe('https://huggingface.co/datasets/org/logs/resolve/refs%2Fpr%2F1/a%20b/c%23.jsonl');
  expect(resolveAddress(hubAddress('hf://org/model')!, 'x.jsonl')).toBe('https://huggingface.co/org/model/resolve/main/x.jsonl');
});

it('finds the next page, and hosts of its own', () => {
  expect(nextPage('<https://hub/api?cursor=a%2Cb>; rel="next"')).toBe('https://hub/api?cursor=a%2Cb');
  expect(nextPage('<https://hub/1>; rel="prev", <https://hub/2>; rel="next"')).toBe('https://hub/2');
  expect(nextPage('<https://hub/1>; rel="prev"')).toBeNull();
  expect(nextPage(null)).toBeNull();
  expect(hubAddress('hf://org/model')?.hosts).toEqual(['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']);
  expect(isLoopback('http://127.0.0.1:8080')).toBe(true);
  expect(isLoopback('http://127.0.0.1.example.org')).toBe(false);
});
