import type { PushEvent } from '@convox-builds/forge';

import type { RefChange } from './find-ref-changes.js';

/** What a webhook would have told of a change that was seen. Nobody tells of its author and its paths. */
export function pushOf(remote: string, { ref, before, after }: RefChange): PushEvent | undefined {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (name === undefined) return undefined;
  return {
    kind: 'push',
    repository: { fullName: '', cloneUrls: [remote], defaultBranch: '' },
    ref: { type: kind === 'tags' ? 'tag' : 'branch', name },
    before,
    head: after === undefined ? undefined : { id: after, message: '', author: '' },
    sender: '',
    changedPaths: undefined,
  };
}
