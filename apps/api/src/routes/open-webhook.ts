import { randomBytes } from 'node:crypto';

import type { WireWorkflowWebhook } from '@convox-builds/api-contract';
import { type HookRecord, hookPlace } from '@convox-builds/store';

import type { ApiParts } from '../api-parts.js';

const SECRET_BYTES = 32;

/** Base64 without letters for URLs: GitLab's signing tokens are read as such. */
const createSecret = () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * Tells where the webhooks of a repository come in. The first time, and when it is wanted, with a new secret, which is told this
 * once; the one before holds for a day, so that nothing is lost until the forge knows the new one.
 */
export async function openWebhook(
  { store, settings }: ApiParts,
  { id, kind }: HookRecord,
  { rotate }: { rotate: boolean },
): Promise<WireWorkflowWebhook> {
  const secret = createSecret();
  const sealed = settings.secretBox.seal(secret, hookPlace(id));
  const isFirst = await store.hooks.setSecret(id, sealed);
  if (!isFirst && rotate) await store.hooks.rotateSecret(id, sealed);
  return { id, forge: kind, path: `/hooks/${id}`, secret: isFirst || rotate ? secret : '' };
}
