import { readFileSync } from 'node:fs';

/** A .dockerignore, and what Docker makes of it. */
export interface DockerignoreVector {
  readonly file: string;
  /** As Docker reads the file. */
  readonly patterns: readonly string[];
  /** One `0` or `1` for each entry. */
  readonly kept?: string;
  /** Docker refuses a pattern. */
  readonly error?: true;
}

/** Recorded answers of the Go code that Docker and BuildKit use; `origin` says which. */
export interface DockerignoreVectors {
  readonly origin: string;
  readonly entries: readonly string[];
  readonly vectors: readonly DockerignoreVector[];
}

/** Reads the recorded answers. */
export function readDockerignoreVectors(): DockerignoreVectors {
  const file = new URL('../fixtures/dockerignore-vectors.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as DockerignoreVectors;
}
