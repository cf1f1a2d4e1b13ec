import { list } from './collection-shapes.js';
import { key, keys } from './keys.js';
import { text } from './scalar-shapes.js';

/** Keys of an item of `imagePullSecrets`. */
export const PULL_SECRET_KEYS = {
  registry: key(text, 'Host of the registry, in lower case, without scheme and path'),
  username: key(text, 'User'),
  password: key(text, 'Password; better a `${VARIABLE}` than in plain text'),
  passwordEnv: key(text, 'Variable of the app that has the password, instead of `password`'),
};

/** `imagePullSecrets` */
export const imagePullSecrets = list(keys(PULL_SECRET_KEYS));
