import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { ObjectStorage } from '@convox-builds/store';

import { type Check, failed, ok } from './check.js';
import { reasonOf } from './reason-of.js';

/** No app has a dot in its name. */
const PREFIX = '.doctor';

/** What is put into the object storage can be read again, and deleted. */
export function checkObjects(objects: ObjectStorage): Check {
  return {
    name: 'objects',
    run: async () => {
      const key = `${PREFIX}/${randomBytes(8).toString('hex')}`;
      let action = 'written';
      try {
        await objects.put(key, Readable.from([Buffer.from(key)]));
        action = 'read';
        const object = await objects.get(key);
        const isSame = object !== undefined && (await text(object.content)) === key;
        action = 'deleted';
        await objects.delete(key);
        return isSame
          ? ok('written, read and deleted')
          : failed('what was written is not what is read: another storage?');
      } catch (error) {
        return failed(
          `no object can be ${action} (${reasonOf(error)}): see OBJECTS_FOLDER or OBJECTS_URL and its rights`,
        );
      }
    },
  };
}
