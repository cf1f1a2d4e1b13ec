import type { SourceOp } from '../generated/github.com/moby/buildkit/solver/pb/ops.js';
import { PolicyAction } from '../generated/github.com/moby/buildkit/sourcepolicy/pb/policy.js';
import {
  CheckPolicyRequest,
  CheckPolicyResponse,
} from '../generated/github.com/moby/buildkit/sourcepolicy/policysession/policysession.js';
import type { Attachable } from '../session/attachable.js';
import { unary } from '../session/unary.js';
import { placeOfSource, type SourcePlace } from './source-place.js';

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
/** What comes over the session itself. */
const LOCAL = 'local://';

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

const deny = (message: string): Decision => ({
  $case: 'decision',
  value: { action: PolicyAction.DENY, denyMessages: [{ message }], update: undefined },
});

/** Which sources may be read. Each answers why one may not, and `undefined` when it may; default all. */
export interface SourceFence {
  /** Of an image, by its reference with a tag or a digest. */
  readonly refuseImage?: (reference: string) => Promise<string | undefined>;
  /** Of what `ADD` fetches, by the host that the daemon asks for it. */
  readonly refusePlace?: (place: SourcePlace) => Promise<string | undefined>;
}

async function decideOnImage(
  { request, source, reference }: { request: CheckPolicyRequest; source: SourceOp; reference: string },
  { find, pin, refuseImage }: ImagePins & SourceFence,
): Promise<Decision> {
  const refusal = await refuseImage?.(reference);
  if (refusal !== undefined) return deny(`image "${reference}" cannot be read: ${refusal}`);
  if (reference.includes('@')) return ALLOW;
  const image = request.Source?.Image;
  const digest = await (image === undefined ? find(reference) : pin(reference, image.Digest));
  if (digest === undefined) return askForDigest(request, reference);
  const update = { identifier: `${source.identifier}@${digest}`, attrs: source.attrs };
  return { $case: 'decision', value: { action: PolicyAction.CONVERT, denyMessages: [], update } };
}

async function decide(request: CheckPolicyRequest, options: ImagePins & SourceFence): Promise<Decision> {
  const source = request.Source?.Source;
  if (source === undefined || source.identifier.startsWith(LOCAL)) return ALLOW;
  if (source.identifier.startsWith(IMAGE)) {
    return decideOnImage({ request, source, reference: source.identifier.slice(IMAGE.length) }, options);
  }
  const place = placeOfSource(source);
  const refusal = place === undefined ? 'its host cannot be told' : await options.refusePlace?.(place);
  return refusal === undefined ? ALLOW : deny(`"${source.identifier}" cannot be read: ${refusal}`);
}

/**
 * Makes that each image which the solves of a session read (`FROM`, `COPY --from`, mounts, scanners) is resolved to a digest
 * once, whatever becomes of its tag meanwhile, and that nothing is read that may not be (moby/buildkit
 * `sourcepolicy/policysession`, `solver/llbsolver/policy.go`). Where a name leads when the daemon asks it, and where it is
 * redirected to, is not asked again.
 */
export function pinImages(pins: ImagePins & SourceFence): Attachable {
  const types = { request: CheckPolicyRequest, response: CheckPolicyResponse };
  return {
    methods: { [CHECK_POLICY]: unary(types, async (request) => ({ result: await decide(request, pins) })) },
  };
}
