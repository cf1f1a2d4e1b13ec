import { Redis } from 'ioredis';

import { type Check, failed, ok, type Verdict, warning } from './check.js';
import { reasonOf } from './reason-of.js';

const CONNECT_WITHIN_MS = 3000;
const NEARLY_FULL = 0.8;

/** Connects for one question; what goes wrong is thrown and not tried again. */
export async function askRedis<T>(redisUrl: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: CONNECT_WITHIN_MS,
    commandTimeout: CONNECT_WITHIN_MS,
    retryStrategy: () => null,
  });
  // The same is thrown by connect().
  let reason: Error | undefined;
  redis.on('error', (error: Error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    return await ask(redis);
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Reads what `INFO memory` says: also hosted ones answer it, which refuse `CONFIG GET`. */
function judge(info: string): Verdict {
  const read = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const policy = read('maxmemory_policy');
  const used = Number(read('used_memory'));
  const limit = Number(read('maxmemory'));
  if (policy !== 'noeviction')
    return warning(
      `its maxmemory-policy is ${policy}: when it is full it drops what rings for builds, which then start late; set noeviction`,
    );
  if (limit > 0 && used > NEARLY_FULL * limit)
    return warning(
      `${Math.round((100 * used) / limit)} % of its maxmemory are used: when it is full builds start late; give it more`,
    );
  return ok(`${policy}, ${(used / 1e6).toFixed(1)} MB used`);
}

/** Redis answers, throws nothing out, and has room. */
export function checkRedis(redisUrl: string): Check {
  return {
    name: 'redis',
    run: async () => {
      try {
        return judge(await askRedis(redisUrl, (redis) => redis.info('memory')));
      } catch (error) {
        return failed(
          `it does not answer (${reasonOf(error)}): builds are accepted and start late; see that it runs and that REDIS_URL is right`,
        );
      }
    },
  };
}
