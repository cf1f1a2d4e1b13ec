import { PolicyAction } from '../generated/github.com/moby/buildkit/sourcepolicy/pb/policy.js';
import {
  CheckPolicyRequest,
  CheckPolicyResponse,
} from '../generated/github.com/moby/buildkit/sourcepolicy/policysession/policysession.js';
import type { Attachable } from '../session/attachable.js';
import { unary } from '../session/unary.js';

/** Which images the references of several solves stand for. */
export interface ImagePins {
  /** The digest that a reference such as `docker.io/library/busybox:latest` stands for; `undefined`: not known yet. */
  readonly find: (reference: string) => Promise<string | undefined>;
  /**
   * Notes what the registry says that a reference stands for.
   *
   * @returns the digest that counts: when two solves have asked at once, that of the first
   */
  readonly pin: (reference: string, digest: string) => Promise<string>;
}

/** The one method of the service; a session that has it decides on the sources of its solves. */
export const CHECK_POLICY = '/moby.buildkit.v1.sourcepolicy.policysession.PolicyVerifier/CheckPolicy';

const IMAGE = 'docker-image://';

type Decision = CheckPolicyResponse['result'];

const ALLOW: Decision = {
  $case: 'decision',
  value: { action: PolicyAction.ALLOW, denyMessages: [], update: undefined },
};

/** The daemon asks again with the answer. It resolves the reference as it would have done anyway, with the image's config. */
function askForDigest({ Platform, Source }: CheckPolicyRequest, reference: string): Decision {
  const defaults = { ResolveMode: '', Image: undefined, Git: undefined, HTTP: undefined, SourcePolicies: [] };
  const LogName = `[internal] resolve ${reference}`;
  return { $case: 'request', value: { Source: Source?.Source, Platform, LogName, ...defaults } };
}

const DENY: Decision = {
  $case: 'decision',
  value: { action: PolicyAction.DENY, denyMessages: [], update: undefined },
};

/** Which images may be read. */
export interface ImageFence {
  /** Whether a reference may be read, with a tag or a digest; default all. */
  readonly mayRead?: (reference: string) => boolean;
}

async function decide(
  request: CheckPolicyRequest,
  { find, pin, mayRead = () => true }: ImagePins & ImageFence,
): Promise<Decision> {
  const { Source: op, Image: image } = request.Source ?? {};
  if (op === undefined || !op.identifier.startsWith(IMAGE)) return ALLOW;
  const reference = op.identifier.slice(IMAGE.length);
  if (!mayRead(reference)) return DENY;
  if (reference.includes('@')) return ALLOW;
  const digest = await (image === undefined ? find(reference) : pin(reference, image.Digest));
  if (digest === undefined) return askForDigest(request, reference);
  const update = { identifier: `${op.identifier}@${digest}`, attrs: op.attrs };
  return { $case: 'decision', value: { action: PolicyAction.CONVERT, denyMessages: [], update } };
}

/**
 * Makes that each image which the solves of a session read (`FROM`, `COPY --from`, mounts, scanners) is resolved to a digest
 * once, whatever becomes of its tag meanwhile, and that no other is read (moby/buildkit `sourcepolicy/policysession`,
 * `solver/llbsolver/policy.go`).
 */
export function pinImages(pins: ImagePins & ImageFence): Attachable {
  const types = { request: CheckPolicyRequest, response: CheckPolicyResponse };
  return {
    methods: { [CHECK_POLICY]: unary(types, async (request) => ({ result: await decide(request, pins) })) },
  };
}
