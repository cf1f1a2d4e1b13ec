import { startEmbeddedPostgres } from './start-embedded-postgres.js';

const [, , folder = '', socketFolder = ''] = process.argv;

/** A process of its own that has a database, until it is killed. */
const answer = await startEmbeddedPostgres({ folder, socketFolder }).then(
  ({ url }) => url,
  (error: Error) => `error: ${error.message}`,
);
process.send?.(answer);
if (answer.startsWith('error: ')) process.disconnect();
