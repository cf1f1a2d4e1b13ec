import type { Settings } from '../settings.js';
import { callPromotionUrl } from './call-promotion-url.js';
import type { PromotionHook } from './promotion-hook.js';
import { runPromotionCommand } from './run-promotion-command.js';

/** Makes what a promotion runs, as the operator's settings say; `undefined`: nothing. */
export function createPromotionHook({
  promotions,
  searchPath,
}: Pick<Settings, 'promotions' | 'searchPath'>): PromotionHook | undefined {
  const { command, call, timeoutMs } = promotions;
  if (command !== undefined) return runPromotionCommand({ command, searchPath, timeoutMs });
  return call === undefined ? undefined : callPromotionUrl({ ...call, timeoutMs });
}
