import { readLastAttempt } from '@convox-builds/testing';

import type { BuildEvidence, Evidence, Violation } from './violation.js';

const ALL = 1_000_000;
const QUOTED_LENGTH = 1000;

function describeNumbers(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'none' : numbers.join(' ');
}

const quoteEnd = (text: string) => JSON.stringify(text.slice(-QUOTED_LENGTH));

/** The chunks of every log are numbered from 1 without a gap. */
export async function checkChunks({ bench, builds }: Evidence): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { id } of builds) {
    const chunks = await bench.store.logs.read(id, { afterSeq: 0, limit: ALL });
    if (chunks.every(({ seq }, index) => seq === index + 1)) continue;
    const what = `build ${id}: chunks ${describeNumbers(chunks.map(({ seq }) => seq))}`;
    violations.push({ invariant: 'the log is whole and in order', what });
  }
  return violations;
}

/** The last attempt of a complete build has every line that its step printed, in order, unless the step was cached. */
export function checkLines({ accepted, builds, logs }: BuildEvidence): Violation[] {
  const complete = new Set(builds.filter(({ state }) => state === 'complete').map(({ id }) => id));
  return accepted.flatMap(({ id, lines }): Violation[] => {
    if (!complete.has(id)) return [];
    const { text, numbers, isWhole } = readLastAttempt(logs.get(id) ?? '', lines);
    if (isWhole) return [];
    const what = `build ${id}: of ${lines} lines the last attempt has ${describeNumbers(numbers)}`;
    return [{ invariant: 'the log is whole and in order', what: `${what}; it ends with ${quoteEnd(text)}` }];
  });
}

/** Every stream began at the first byte, said nothing that is not stored, and ended with all of it. */
export function checkStreams({ accepted, logs }: BuildEvidence): Violation[] {
  return accepted.flatMap(({ id, streams }): Violation[] => {
    const stored = logs.get(id) ?? '';
    const invariant = 'what was streamed is what is stored';
    const wrong = streams.filter(({ text, isWhole }) => (isWhole ? text !== stored : !stored.startsWith(text)));
    const whats = wrong.map(({ text, isWhole }) => {
      const at = [...text].findIndex((character, index) => character !== stored[index]);
      return `build ${id}: ${isWhole ? 'a whole' : 'a broken'} stream of ${text.length} differs at ${at} of ${stored.length}`;
    });
    if (!streams.some(({ isWhole }) => isWhole)) whats.push(`build ${id}: no stream came to its end`);
    return whats.map((what) => ({ invariant, what }));
  });
}

/** The secret that every build was given is in no log. */
export function checkSecrets({ bench, logs }: Evidence): Violation[] {
  const secrets = [bench.secret, bench.cluster.settings.password];
  const shows = (text: string) => secrets.some((secret) => text.includes(secret));
  const builds = [...logs].filter(([, text]) => shows(text)).map(([id]) => `the log of build ${id}`);
  const members = bench.cluster.members
    .filter((member) => shows(member.output()))
    .map(({ name }) => `what ${name} says`);
  return [...builds, ...members].map((what) => ({ invariant: 'no secret is seen', what: `${what} shows a secret` }));
}
